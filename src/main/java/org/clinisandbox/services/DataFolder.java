package org.clinisandbox.services;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that one {@code up} owns while it runs: databases, keys, log. A lock keeps a second
 * one out, and is let go by the system when its holder dies, however it dies.
 */
public final class DataFolder implements AutoCloseable {
  private static final String LOCK = "lock";

  private final Path root;
  private final FileChannel channel;
  private final FileLock lock;

  private DataFolder(Path root, FileChannel channel, FileLock lock) {
    this.root = root;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Makes the folder, readable by its owner alone, and locks it.
   *
   * @throws ServiceException when it cannot be made, or another process holds it
   */
  public static DataFolder open(Path path) {
    try {
      boolean ours = !Files.exists(path) || Files.exists(path.resolve(LOCK));
      Path root = Files.createDirectories(path).toRealPath();
      if (!ours && !isEmpty(root)) {
        throw new ServiceException(
            "The folder " + root + " holds other files. Name an empty or a new one with --data.");
      }
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      }
      FileChannel channel =
          FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new ServiceException(
            "Another CliniSandbox uses the data folder "
                + root
                + ". Stop it, or name another folder with --data.");
      }
      return new DataFolder(root, channel, lock);
    } catch (IOException e) {
      throw new ServiceException("The data folder " + path + " cannot be used: " + e, e);
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  public Path resolve(String name) {
    return root.resolve(name);
  }

  @Override
  public String toString() {
    return root.toString();
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
