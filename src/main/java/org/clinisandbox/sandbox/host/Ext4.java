package org.clinisandbox.sandbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * File systems for virtual machines: ext4 without a journal, in a file, to be mounted read-only.
 */
public final class Ext4 {
  private static final String PROGRAM = "mkfs.ext4";
  private static final long BLOCK = 4096;
  private static final long INODE = 256;
  private static final long SPARE = 8 << 20;
  private static final int SPARE_INODES = 64;
  private static final int TRIES = 3;
  private static final long MINUTES = 10;

  private Ext4() {}

  /**
   * Makes one with what a folder holds, readable by everybody. Room is estimated, and doubled when
   * it does not suffice.
   *
   * @param file not there yet; when this fails it is not there either
   * @throws IOException when mkfs.ext4 is not installed or fails
   */
  public static void make(Path root, Path file) throws IOException {
    Path program =
        Host.find(PROGRAM)
            .orElseThrow(
                () -> new IOException("this host has no mkfs.ext4; install the package e2fsprogs"));
    Usage usage = Usage.of(root);
    long files = usage.files() + SPARE_INODES;
    long bytes = usage.bytes() + usage.files() * BLOCK;
    long size = SPARE + bytes + bytes / 16 + 2 * files * INODE;
    for (int tried = 1; !run(program, root, file, size, files); tried++, size *= 2) {
      Files.deleteIfExists(file);
      if (tried == TRIES) {
        throw new IOException("mkfs.ext4 cannot write " + file + "; look whether the disk is full");
      }
    }
    Host.permit(file, "r--r--r--");
  }

  private static boolean run(Path program, Path root, Path file, long size, long inodes)
      throws IOException {
    List<String> layout =
        List.of(
            "-b", Long.toString(BLOCK), "-I", Long.toString(INODE), "-N", Long.toString(inodes));
    ProcessBuilder builder = new ProcessBuilder(program.toString(), "-q", "-F", "-m", "0");
    builder.command().addAll(List.of("-O", "^has_journal", "-E", "root_owner=0:0"));
    builder.command().addAll(layout);
    builder.command().addAll(List.of("-d", root.toString(), file.toString(), size / 1024 + "k"));
    builder.environment().clear();
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      return process.waitFor(MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the making of a disk was interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
