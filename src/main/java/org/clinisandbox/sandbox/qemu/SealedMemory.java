package org.clinisandbox.sandbox.qemu;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * A file in memory that has no name on any disk and goes with this process. Once sealed it is never
 * written again, by nobody: whoever maps it gets a private copy of what it changes.
 */
final class SealedMemory implements AutoCloseable {
  private final int descriptor;
  private final long bytes;
  private boolean closed;

  private SealedMemory(int descriptor, long bytes) {
    this.descriptor = descriptor;
    this.bytes = bytes;
  }

  /**
   * A file of zeros, not sealed yet.
   *
   * @param name to be read in lists of processes' files
   */
  static SealedMemory create(String name, long bytes) throws IOException {
    int descriptor = Native.newMemoryFile(name);
    if (descriptor < 0) {
      throw new IOException("this kernel makes no file in memory");
    }
    SealedMemory memory = new SealedMemory(descriptor, bytes);
    try (RandomAccessFile file = memory.open()) {
      file.setLength(bytes);
    } catch (IOException e) {
      memory.close();
      throw e;
    }
    return memory;
  }

  /** A file that holds these bytes for ever. */
  static SealedMemory of(String name, byte[] bytes) throws IOException {
    SealedMemory memory = create(name, bytes.length);
    try (RandomAccessFile file = memory.open()) {
      file.write(bytes);
      if (!memory.seal()) {
        throw new IOException("a file in memory could not be sealed");
      }
    } catch (IOException e) {
      memory.close();
      throw e;
    }
    return memory;
  }

  /** From now on it cannot be changed. False when somebody still has it mapped for writing. */
  boolean seal() {
    return Native.seal(descriptor);
  }

  /** Its size. */
  long bytes() {
    return bytes;
  }

  private RandomAccessFile open() throws IOException {
    return new RandomAccessFile(file().toFile(), "rw");
  }

  /** Where this process and those that it starts find it, until it is closed. */
  Path file() {
    return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor);
  }

  /** Whoever has it open keeps what is in it. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Native.close(descriptor);
    }
  }
}
