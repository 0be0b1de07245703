package org.clinisandbox.sandbox.host;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clinisandbox.sandbox.host.ControlGroups.Controller;

/** One control group: what everything in one sandbox may use together. Closing it ends them all. */
final class ControlGroup implements AutoCloseable {
  private static final int PERIOD_MICROS = 100_000;
  private static final Pattern OOM_KILLS = Pattern.compile("(?m)^oom_kill (\\d+)");

  private final Map<Controller, Path> folders;

  /**
   * @param folders of each controller; in version 2 all the same
   */
  ControlGroup(Map<Controller, Path> folders) {
    this.folders = Map.copyOf(folders);
  }

  void make(long memoryBytes, int cpus, int processes) throws IOException {
    for (Path folder : folders()) {
      Files.createDirectory(folder);
    }
    Path memory = folder(Controller.MEMORY);
    long quota = (long) cpus * PERIOD_MICROS;
    if (isVersionTwo()) {
      write(memory, "memory.max", memoryBytes);
      writeIfThere(memory, "memory.swap.max", 0);
      write(memory, "memory.oom.group", 1);
      write(folder(Controller.CPU), "cpu.max", quota + " " + PERIOD_MICROS);
    } else {
      write(memory, "memory.limit_in_bytes", memoryBytes);
      writeIfThere(memory, "memory.memsw.limit_in_bytes", memoryBytes);
      writeIfThere(memory, "memory.swappiness", 0);
      write(folder(Controller.CPU), "cpu.cfs_period_us", PERIOD_MICROS);
      write(folder(Controller.CPU), "cpu.cfs_quota_us", quota);
    }
    write(folder(Controller.PIDS), "pids.max", processes);
  }

  /** The folders that a process joins. */
  Set<Path> folders() {
    return new LinkedHashSet<>(folders.values());
  }

  private Path folder(Controller controller) {
    Path folder = folders.get(controller);
    if (folder == null) {
      throw new IllegalStateException("a group has all controllers");
    }
    return folder;
  }

  private boolean isVersionTwo() {
    return Files.exists(folder(Controller.MEMORY).resolve("memory.max"));
  }

  private static void write(Path folder, String file, Object value) throws IOException {
    Files.write(folder.resolve(file), value.toString().getBytes(US_ASCII));
  }

  private static void writeIfThere(Path folder, String file, Object value) throws IOException {
    if (Files.exists(folder.resolve(file))) {
      write(folder, file, value);
    }
  }

  /** Whether the kernel ended a process in here for want of memory. */
  boolean metMemoryLimit() {
    Path memory = folder(Controller.MEMORY);
    Matcher kills =
        OOM_KILLS.matcher(
            ControlGroups.read(memory.resolve("memory.events"))
                + ControlGroups.read(memory.resolve("memory.oom_control")));
    return kills.find() && !kills.group(1).equals("0");
  }

  /** Memory held now, in bytes. */
  long heldBytes() {
    Path memory = folder(Controller.MEMORY);
    String held =
        ControlGroups.read(memory.resolve("memory.current"))
            + ControlGroups.read(memory.resolve("memory.usage_in_bytes"));
    return held.isBlank() ? 0 : Long.parseLong(held.strip());
  }

  /** Ends every process in here, without waiting for it. */
  void kill() {
    for (Path folder : folders()) {
      ControlGroups.read(folder.resolve("cgroup.procs"))
          .lines()
          .forEach(
              pid ->
                  ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
    }
  }

  /** Ends every process in here and removes the group, once they are gone. */
  @Override
  public void close() {
    Patience.until(this::isGone);
  }

  private boolean isGone() {
    kill();
    boolean gone = true;
    for (Path folder : folders()) {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        gone = false;
      }
    }
    return gone;
  }
}
