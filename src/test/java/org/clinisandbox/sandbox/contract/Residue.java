package org.clinisandbox.sandbox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.host.Host;

/**
 * What sandboxes could leave on this machine: processes, control groups, mounts, shared memory,
 * files, sockets. Counted before and looked for after.
 */
public final class Residue {
  private static final int USER = 7;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path folder;
  private final Set<String> before;

  /**
   * @param folder where sandboxes have their files
   */
  public Residue(Path folder) {
    this.folder = folder;
    this.before = found();
  }

  /** Fails when there is more than there was. */
  public void assertNothingNew() {
    assertThat(left()).as("left behind").isEmpty();
  }

  /** What there is more than there was; what is on its way out gets some time. */
  public Set<String> left() {
    Supplier<Set<String>> more =
        () -> {
          Set<String> now = found();
          now.removeAll(before);
          return now;
        };
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Set<String> left = more.get();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
      left = more.get();
    }
    return left;
  }

  private Set<String> found() {
    Set<String> found = new TreeSet<>();
    ProcessHandle.current()
        .descendants()
        .filter(ProcessHandle::isAlive)
        .forEach(process -> found.add("process " + process.pid() + " " + process.info().command()));
    found.addAll(foreignProcesses());
    found.addAll(
        names(Path.of("/sys/fs/cgroup"), 5, "clinisandbox-" + ProcessHandle.current().pid()));
    found.addAll(names(folder, 3, ""));
    found.addAll(lines(Path.of("/proc/self/mountinfo")));
    found.addAll(sharedMemory());
    return found;
  }

  /** Processes in control groups of this process' sandboxes: those that lost their parents too. */
  private static Set<String> foreignProcesses() {
    String group = "/clinisandbox-" + ProcessHandle.current().pid() + "-";
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> process.getFileName().toString().matches("\\d+"))
          .filter(
              process ->
                  lines(process.resolve("cgroup")).stream().anyMatch(line -> line.contains(group)))
          .filter(
              process ->
                  lines(process.resolve("status")).stream()
                      .noneMatch(line -> line.startsWith("State:\tZ")))
          .map(process -> "process " + process)
          .collect(Collectors.toSet());
    } catch (IOException e) {
      return Set.of();
    }
  }

  /** Segments outside of any sandbox that belong to users whom only sandboxes have. */
  private static Set<String> sharedMemory() {
    return lines(Path.of("/proc/sysvipc/shm")).stream()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(fields -> fields[USER].matches("\\d+"))
        .filter(fields -> Long.parseLong(fields[USER]) >= Host.FIRST_USER)
        .map(fields -> "shared memory " + fields[1])
        .collect(Collectors.toSet());
  }

  private static Set<String> names(Path folder, int depth, String part) {
    try (Stream<Path> files = Files.find(folder, depth, (file, attributes) -> true)) {
      return files
          .map(Path::toString)
          .filter(name -> name.contains(part))
          .collect(Collectors.toSet());
    } catch (IOException | java.io.UncheckedIOException e) {
      return Set.of();
    }
  }

  private static Set<String> lines(Path file) {
    try {
      return new TreeSet<>(Files.readAllLines(file));
    } catch (IOException e) {
      return Set.of();
    }
  }
}
