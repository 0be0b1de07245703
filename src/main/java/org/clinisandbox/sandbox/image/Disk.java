package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.host.Ext4;

/** An image as an ext4 file system without a journal in a file, to be mounted read-only. */
final class Disk {
  private final Path folder;

  Disk(Path folder) {
    this.folder = folder;
  }

  Path file() {
    return folder.resolve("disk.ext4");
  }

  private Path digest() {
    return folder.resolve("disk.sha256");
  }

  boolean isThere() {
    return Files.exists(digest());
  }

  void make(Path root) throws IOException {
    Path unfinished = folder.resolve("disk.tmp");
    try {
      Files.deleteIfExists(unfinished);
      try {
        Ext4.make(root, unfinished);
      } catch (IOException e) {
        throw ImageException.unavailable("cannot be made a disk: " + e.getMessage());
      }
      String hash = Digest.of(unfinished);
      Files.move(unfinished, file(), StandardCopyOption.ATOMIC_MOVE);
      Files.writeString(digest(), hash);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Compares the disk with its digest; seals it, or throws it away. */
  Seal verified() throws IOException {
    boolean whole = Files.exists(file());
    if (whole) {
      Seal seal = Seal.of(file());
      if (Files.readString(digest()).equals(Digest.of(file()))) {
        return seal;
      }
    }
    Files.deleteIfExists(digest());
    Files.deleteIfExists(file());
    throw ImageException.mismatch(
        "has a disk in the cache that was changed; it was thrown away, so try again and find out"
            + " who writes to "
            + folder);
  }
}
