package org.clinisandbox.vault;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** The master key's file: one line of base64. */
final class MasterKeyFile {
  private static final int LIMIT = 1024;
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  private MasterKeyFile() {}

  static String read(Path file, boolean ownerOnly) throws MasterKeyException {
    try {
      if (ownerOnly && POSIX) {
        requireOwnerOnly(file);
      }
      try (InputStream in = Files.newInputStream(file)) {
        return new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8);
      }
    } catch (NoSuchFileException e) {
      throw new MasterKeyException(
          "There is no master key file at " + file + "; restore it, or run `clinisandbox init`.");
    } catch (IOException e) {
      throw new MasterKeyException("The master key file " + file + " can't be read.");
    }
  }

  /**
   * Writes a hidden neighbour and links it to its name: whoever sees the name sees the whole key,
   * and a link, unlike a rename, never replaces a file.
   */
  static void create(Path file, String text) throws MasterKeyException {
    Path target = file.toAbsolutePath();
    Path draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      try {
        write(draft, text + "\n");
        Files.createLink(target, draft);
      } finally {
        Files.deleteIfExists(draft);
      }
      syncFolder(target);
    } catch (FileAlreadyExistsException e) {
      throw new MasterKeyException(
          "The file " + file + " exists already and is left as it is; use it, or name another.");
    } catch (IOException | UnsupportedOperationException e) {
      throw new MasterKeyException(
          "The master key file "
              + file
              + " can't be written; name a folder that exists on a disk"
              + " of this machine.");
    }
  }

  private static void requireOwnerOnly(Path file) throws IOException, MasterKeyException {
    for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
      if (!permission.name().startsWith("OWNER_")) {
        throw new MasterKeyException(
            "The master key file "
                + file
                + " is open to others than its owner; `chmod 600 "
                + file
                + "` closes it.");
      }
    }
  }

  private static void write(Path draft, String text) throws IOException {
    FileAttribute<?>[] attributes =
        POSIX
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
            : new FileAttribute<?>[0];
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(draft, options, attributes)) {
      ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** Makes the name durable, not only the bytes; Windows does so by itself. */
  private static void syncFolder(Path target) throws IOException {
    Path folder = target.getParent();
    if (POSIX && folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
