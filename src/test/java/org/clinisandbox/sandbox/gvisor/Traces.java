package org.clinisandbox.sandbox.gvisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What sandboxes can leave on a host. */
final class Traces {
  private Traces() {}

  /** Everything that a process has started, and what that has. */
  static List<Long> below(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .toList();
  }

  /** The first of them whose command line begins so. */
  static long find(List<Long> pids, String program) {
    return pids.stream()
        .filter(pid -> read("/proc/" + pid + "/cmdline").startsWith(program))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no process is a " + program));
  }

  /** Waits until none of them runs; what has ended and waits to be reaped does not. */
  static void awaitEnd(List<Long> pids) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    List<Long> left = new ArrayList<>(pids);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      left.removeIf(pid -> !runs(pid));
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(left).as("processes that still run").isEmpty();
  }

  private static boolean runs(long pid) {
    String[] parts = read("/proc/" + pid + "/stat").split("\\) ", -1);
    return parts.length > 1 && !parts[parts.length - 1].startsWith("Z");
  }

  /** Control groups that a worker has made and not removed. */
  static List<Path> groups(long worker) throws IOException {
    Path all = Path.of("/sys/fs/cgroup");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.walk(all, 6)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith("clinisandbox-" + worker))
          .toList();
    }
  }

  static String mounts() {
    return read("/proc/self/mountinfo");
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      return "";
    }
  }
}
