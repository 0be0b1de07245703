package org.clinisandbox.sandbox.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.sandbox.host.Host;

/** A small folder of this program's own as a disk. */
final class ProbeDisk {
  private static final int MINUTES = 1;

  private ProbeDisk() {}

  /**
   * @param file to be made
   */
  static void make(Path root, Path file) throws IOException {
    Path mkfs =
        Host.find("mkfs.ext4")
            .orElseThrow(() -> new IOException("mkfs.ext4 of e2fsprogs is not installed"));
    ProcessBuilder builder =
        new ProcessBuilder(
            mkfs.toString(),
            "-q",
            "-O",
            "^has_journal",
            "-E",
            "root_owner=0:0",
            "-d",
            root.toString(),
            file.toString(),
            "16M");
    builder.environment().clear();
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException("mkfs.ext4 could not make " + file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
  }
}
