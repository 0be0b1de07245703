package org.clinisandbox.sandbox.gvisor;

import java.nio.file.Path;
import java.util.Arrays;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.host.Host;

/**
 * A worker in a process of its own: the place for its host, the image's root, then what the model
 * is told. It starts a sandbox, says so, waits for a line, asks, and prints what came of it.
 */
final class OtherWorker {
  private OtherWorker() {}

  public static void main(String[] arguments) throws Exception {
    try (Host host = Host.open(Path.of(arguments[0]));
        Sandbox sandbox =
            new GvisorBackend(host)
                .start(
                    new TestModel(Path.of(arguments[1]))
                        .image(Arrays.copyOfRange(arguments, 2, arguments.length)),
                    TestModel.LIMITS)) {
      System.out.println(
          "ready " + (host.isRoot() ? "root" : "user") + " " + host.hasControlGroups());
      if (System.in.read() < 0) {
        return;
      }
      System.out.println(TestModel.word(sandbox.ask(TestModel.REQUEST)));
    }
  }
}
