package org.clinisandbox.sandbox.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process of a sandbox and everything that it has started. Closing it ends all of that, waits for
 * it, and removes its control group and its folder.
 */
public final class ConfinedProcess implements AutoCloseable {
  private static final int LONGEST_COMPLAINT = 4096;
  private static final Duration IN_THE_PIPE = Duration.ofMillis(100);
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
    // The process itself would close its streams too, and what it complained of would be lost.
    process.toHandle().destroyForcibly();
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

  /** What the program has written on standard error and nobody has read yet, at most 4 KiB. */
  public String complaint() {
    if (!process.isAlive()) {
      // What an ended program has left in its pipe is for a moment neither there nor here.
      Patience.until(() -> unread() > 0, IN_THE_PIPE);
    }
    try {
      int length = Math.min(unread(), LONGEST_COMPLAINT);
      return new String(process.getErrorStream().readNBytes(length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private int unread() {
    try {
      return process.getErrorStream().available();
    } catch (IOException e) {
      return 0;
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
