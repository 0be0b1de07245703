package org.clinisandbox.sandbox.contract;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.bubblewrap.BubblewrapBackend;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProbeModel;

/** A process that keeps sandboxes, for {@link AbandonedTest} to kill. */
public final class Abandoned {
  private static final int WARM = 5;

  private Abandoned() {}

  /** Says "ready" once it keeps some, and waits. */
  public static void main(String... arguments) throws Exception {
    Host host = Host.open(Path.of(arguments[0]));
    BubblewrapBackend backend = new BubblewrapBackend(host);
    Limits limits = new Limits(32 << 20, 1, Duration.ofMinutes(5), 1 << 10);
    List<Sandbox> kept = new ArrayList<>();
    for (int i = 0; i < WARM; i++) {
      kept.add(backend.start(ProbeModel.image(host), limits));
    }
    System.out.println("ready " + kept.size());
    Thread.sleep(Duration.ofMinutes(5));
  }
}
