package org.clinisandbox.sandbox.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process of a sandbox and everything that it has started. Closing it ends all of that, waits for
 * it, and removes its control group and its folder.
 */
public final class ConfinedProcess implements AutoCloseable {
  private static final int LONGEST_COMPLAINT = 4096;
  private static final long PAGE = 4096;

  private final Process process;
  private final @Nullable ControlGroup group;
  private final @Nullable Path folder;
  private volatile boolean metMemoryLimit;

  ConfinedProcess(Process process, @Nullable ControlGroup group, @Nullable Path folder) {
    this.process = process;
    this.group = group;
    this.folder = folder;
  }

  public Process process() {
    return process;
  }

  /** Ends everything at once, without waiting for it. */
  public void kill() {
    process.destroyForcibly();
    if (group != null) {
      metMemoryLimit |= group.metMemoryLimit();
      group.kill();
    }
  }

  /** Whether the kernel ended something of it for want of memory. */
  public boolean metMemoryLimit() {
    return metMemoryLimit || (group != null && group.metMemoryLimit());
  }

  /** Memory held now, in bytes. Without a control group shared pages count for each process. */
  public long heldBytes() {
    return group != null
        ? group.heldBytes()
        : Stream.concat(Stream.of(process.toHandle()), process.descendants())
            .mapToLong(ConfinedProcess::resident)
            .sum();
  }

  private static long resident(ProcessHandle handle) {
    String[] pages = ControlGroups.read(Path.of("/proc/" + handle.pid() + "/statm")).split(" ", -1);
    return pages.length > 1 ? Long.parseLong(pages[1]) * PAGE : 0;
  }

  /** What the program has written on standard error so far, at most 4 KiB. */
  public String complaint() {
    try {
      InputStream errors = process.getErrorStream();
      int length = Math.min(errors.available(), LONGEST_COMPLAINT);
      return new String(errors.readNBytes(length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    kill();
    Patience.until(() -> !process.isAlive());
    if (group != null) {
      group.close();
    }
    closeStreams();
    if (folder != null) {
      Host.removeTree(folder);
    }
  }

  /** Their descriptors would stay open until a garbage collection. */
  private void closeStreams() {
    for (var stream :
        new AutoCloseable[] {
          process.getInputStream(), process.getErrorStream(), process.getOutputStream()
        }) {
      try {
        stream.close();
      } catch (Exception e) {
        // A pipe whose other end is gone.
      }
    }
  }
}
