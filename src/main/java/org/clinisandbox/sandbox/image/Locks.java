package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread of all processes at a time work on an image. There is a fixed number of locks, so
 * two images may wait for each other's; one thread holds at most one.
 */
final class Locks {
  private static final int COUNT = 64;

  /** A process holds a file's lock as a whole: its threads are kept apart here. */
  private static final ReentrantLock[] THREADS =
      Stream.generate(ReentrantLock::new).limit(COUNT).toArray(ReentrantLock[]::new);

  private final Path folder;

  Locks(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** Work with an answer. */
  interface Work<T extends @Nullable Object> {
    T run() throws IOException;
  }

  /** Work without one. */
  interface Task {
    void run() throws IOException;
  }

  /** Waits for the lock of an image, and works; the system lets it go when the process dies. */
  <T extends @Nullable Object> T holding(String hex, Work<T> work) throws IOException {
    ReentrantLock thread = THREADS[number(hex)];
    thread.lock();
    try (FileChannel file = open(hex)) {
      file.lock();
      return work.run();
    } finally {
      thread.unlock();
    }
  }

  /** Works unless somebody else holds the lock of the image; says whether it did. */
  boolean ifFree(String hex, Task task) throws IOException {
    ReentrantLock thread = THREADS[number(hex)];
    if (!thread.tryLock()) {
      return false;
    }
    try (FileChannel file = open(hex)) {
      if (file.tryLock() == null) {
        return false;
      }
      task.run();
      return true;
    } finally {
      thread.unlock();
    }
  }

  private FileChannel open(String hex) throws IOException {
    return FileChannel.open(
        folder.resolve(String.valueOf(number(hex))),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
  }

  private static int number(String hex) {
    return Integer.parseInt(hex, 0, 2, 16) % COUNT;
  }
}
