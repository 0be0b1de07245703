package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An image as an ext4 file system without a journal in a file, to be mounted read-only. */
final class Disk {
  private static final List<String> PROGRAMS =
      List.of("/usr/sbin/mkfs.ext4", "/sbin/mkfs.ext4", "/usr/bin/mkfs.ext4");
  private static final long BLOCK = 4096;
  private static final long INODE = 256;
  private static final long SPARE = 8 << 20;
  private static final int SPARE_INODES = 64;
  private static final int TRIES = 3;
  private static final long MINUTES = 10;

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

  /** Makes it; room is estimated, and doubled when it does not suffice. */
  void make(Path root) throws IOException {
    Path unfinished = folder.resolve("disk.tmp");
    Usage usage = Usage.of(root);
    long files = usage.files() + SPARE_INODES;
    long bytes = usage.bytes() + usage.files() * BLOCK;
    long size = SPARE + bytes + bytes / 16 + 2 * files * INODE;
    try {
      for (int tried = 1; !mkfs(root, unfinished, size, files); tried++, size *= 2) {
        if (tried == TRIES) {
          throw ImageException.refused(
              "could not be made an ext4 disk by mkfs.ext4; look whether the disk of "
                  + folder
                  + " is full");
        }
      }
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("r--r--r--"));
      String hash = Sha256.of(unfinished);
      Files.move(unfinished, file(), StandardCopyOption.ATOMIC_MOVE);
      Files.writeString(digest(), hash);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static boolean mkfs(Path root, Path file, long size, long inodes) throws IOException {
    Files.deleteIfExists(file);
    ProcessBuilder builder =
        new ProcessBuilder(
            program(),
            "-q",
            "-F",
            "-O",
            "^has_journal",
            "-m",
            "0",
            "-b",
            String.valueOf(BLOCK),
            "-I",
            String.valueOf(INODE),
            "-N",
            String.valueOf(inodes),
            "-E",
            "root_owner=0:0",
            "-d",
            root.toString(),
            file.toString(),
            size / 1024 + "k");
    builder.environment().clear();
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      return process.waitFor(MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ImageException.refused("was not made a disk: the start was interrupted");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String program() throws ImageException {
    return PROGRAMS.stream()
        .filter(program -> Files.isExecutable(Path.of(program)))
        .findFirst()
        .orElseThrow(
            () ->
                ImageException.unavailable(
                    "cannot be made a disk, for this host has no mkfs.ext4; install e2fsprogs"));
  }

  /** Compares the disk with its digest; seals it, or throws it away. */
  Seal verified() throws IOException {
    boolean whole = Files.exists(file());
    if (whole) {
      Seal seal = Seal.of(file());
      if (Files.readString(digest()).equals(Sha256.of(file()))) {
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
