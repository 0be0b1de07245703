package org.clinisandbox.sandbox.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.util.List;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Digest;

/**
 * What every virtual machine boots.
 *
 * @param kernel an uncompressed Linux
 * @param initramfs the guest program and the modules that it needs
 */
public record Machine(Path kernel, Path initramfs) {
  private static final String KERNEL = "vmlinux";
  private static final String INITRAMFS = "initramfs.cpio";
  private static final String SUMS = "SHA256SUMS";

  /** Memory of the kernel and the guest, beside the model's. */
  private static final long OWN_BYTES = 96L << 20;

  /** The part of all memory that the kernel describes the rest in. */
  private static final int DESCRIBED = 32;

  /**
   * Copies the files into a folder of this process and checks the copies, which everybody may read
   * and nobody changes.
   *
   * @param folder with {@code vmlinux}, {@code initramfs.cpio} and their {@code SHA256SUMS}
   * @throws IOException naming the file that is not there, or is not what its sum says
   */
  public static Machine copy(Path folder, Path into) throws IOException {
    Path sums = folder.resolve(SUMS);
    if (!Files.isReadable(sums)) {
      throw new IOException(
          "The machine's files are not in " + folder + "; guest/machine makes them.");
    }
    List<String> lines = Files.readAllLines(sums);
    return new Machine(copy(folder, KERNEL, into, lines), copy(folder, INITRAMFS, into, lines));
  }

  private static Path copy(Path folder, String name, Path into, List<String> sums)
      throws IOException {
    Path copied = into.resolve(name);
    Path source = folder.resolve(name);
    String sum;
    try (DigestInputStream bytes = new DigestInputStream(open(source), Digest.start())) {
      Files.copy(bytes, copied, StandardCopyOption.REPLACE_EXISTING);
      sum = Digest.hex(Digest.end(bytes.getMessageDigest()));
    }
    if (!sums.contains(sum + "  " + name)) {
      Files.delete(copied);
      throw new IOException(
          "The file " + source + " is not what " + SUMS + " says; make it again by guest/machine.");
    }
    Files.setPosixFilePermissions(copied, PosixFilePermissions.fromString("r--r--r--"));
    return copied;
  }

  private static InputStream open(Path source) throws IOException {
    if (!Files.isReadable(source)) {
      throw new IOException("The file " + source + " is missing; guest/machine makes it.");
    }
    return Files.newInputStream(source);
  }

  /** Memory of a machine whose model has these limits, in MiB. */
  public static long memoryMebibytes(Limits limits) {
    long bytes = limits.memoryBytes() + limits.memoryBytes() / DESCRIBED + OWN_BYTES;
    return (bytes + (1 << 20) - 1) >> 20;
  }
}
