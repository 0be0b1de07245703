package org.clinisandbox.sandbox.firecracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.host.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledWorkerTest {
  @TempDir Path folder;

  /** A worker with one machine, which never ends. */
  static final class Worker {
    public static void main(String[] arguments) throws Exception {
      StandIn standIn = StandIn.in(Path.of(arguments[0]));
      Host host = Host.open(Path.of("/tmp"));
      FirecrackerBackend backend =
          new FirecrackerBackend(host, standIn.disks(), standIn.surroundings());
      Limits limits = new Limits(32 << 20, 1, Duration.ofSeconds(20), 1 << 16);
      try (Sandbox sandbox =
          backend.start(StandIn.shell("echo '{\"ready\":true}'; sleep 1000"), limits)) {
        System.out.println(host.folder() + " " + sandbox.isWaiting());
        Thread.sleep(Duration.ofDays(1));
      }
    }
  }

  @Test
  void nothing_outlives_a_worker_that_was_killed() throws Exception {
    StandIn.need();
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Path place;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(worker.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      assertThat(line).endsWith(" true");
      place = Path.of(line.substring(0, line.indexOf(' ')));
      assertThat(StandIn.processesOf(place)).isNotEmpty();
    } finally {
      worker.destroyForcibly().waitFor();
    }

    StandIn.assertGone(place);
    Host.open(Path.of("/tmp")).close();
    assertThat(place).doesNotExist();
  }
}
