package org.clinisandbox.sandbox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.bubblewrap.BubblewrapBackend;
import org.clinisandbox.sandbox.host.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AbandonedTest {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");

  @TempDir Path base;

  @Test
  void nothing_outlives_a_worker_that_is_killed_and_the_next_one_clears_up() throws Exception {
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwx--x--x"));
    try (Host host = Host.open(base)) {
      Requires.that(new BubblewrapBackend(host).probe().available(), "bubblewrap");
    }
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Abandoned.class.getName(),
                base.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<ProcessHandle> sandboxes;
    try {
      assertThat(worker.inputReader().readLine()).isEqualTo("ready 5");
      sandboxes = worker.descendants().toList();
      assertThat(sandboxes).hasSizeGreaterThanOrEqualTo(5);
    } finally {
      worker.destroyForcibly().waitFor();
    }
    sandboxes.forEach(process -> process.onExit().join());

    assertThat(runFolders()).isEqualTo(1);
    try (Host next = Host.open(base)) {
      assertThat(next.folder()).isDirectory();
      assertThat(runFolders()).isEqualTo(1);
      try (Stream<Path> groups =
          Files.find(
              GROUPS,
              6,
              (file, attributes) ->
                  file.getFileName().toString().startsWith("clinisandbox-" + worker.pid() + "-"))) {
        assertThat(groups).isEmpty();
      }
    }
    assertThat(runFolders()).isZero();
  }

  private long runFolders() throws Exception {
    try (Stream<Path> folders = Files.list(base)) {
      return folders.count();
    }
  }
}
