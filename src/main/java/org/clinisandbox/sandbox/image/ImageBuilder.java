package org.clinisandbox.sandbox.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.FileTree;
import org.clinisandbox.sandbox.SandboxException;
import tools.jackson.databind.node.ObjectNode;

/** Builds model images: from the same files, the same bytes. */
public final class ImageBuilder {
  private static final String TAG = "latest";
  private static final String BLOBS = "blobs/sha256/";

  private ImageBuilder() {}

  /**
   * Builds an OCI layout from a folder with {@code image.yaml} and {@code root/} or the files that
   * it lists.
   *
   * @param output the archive to write, when it ends with {@code .tar}, else the folder
   * @return the digest that pins the image
   * @throws SandboxException when the folder is not one to build from, or the output cannot be
   *     written
   */
  public static String build(Path folder, Path output) throws SandboxException {
    try {
      if (!ImageFolder.isDescribed(folder)) {
        throw ImageException.refused("is no folder with an image.yaml that says what to start");
      }
      Packed packed = Packed.of(ImageFolder.read(folder));
      write(packed, output.toAbsolutePath());
      return packed.digest();
    } catch (IOException e) {
      throw ImageException.named(folder.toString(), e);
    }
  }

  /** Writes beside the output, then puts it in place. */
  private static void write(Packed packed, Path output) throws IOException {
    Path unfinished = output.resolveSibling(output.getFileName() + Shelf.UNFINISHED);
    boolean isArchive = output.toString().endsWith(".tar");
    if (Files.exists(output) && (!isArchive || !Files.isRegularFile(output))) {
      throw ImageException.refused(
          "cannot be written to " + output + ", which is there already; remove it or name another");
    }
    FileTree.delete(unfinished);
    try {
      if (isArchive) {
        try (TarArchiveOutputStream tar =
            Packed.tar(new BufferedOutputStream(Files.newOutputStream(unfinished)))) {
          tar.putArchiveEntry(Packed.entry("blobs/", TarConstants.LF_DIR, 0755));
          tar.closeArchiveEntry();
          tar.putArchiveEntry(Packed.entry(BLOBS, TarConstants.LF_DIR, 0755));
          tar.closeArchiveEntry();
          layout(packed, (name, size, content) -> put(tar, name, size, content));
        }
      } else {
        Files.createDirectories(unfinished.resolve(BLOBS));
        layout(
            packed,
            (name, size, content) -> {
              try (OutputStream out =
                  new BufferedOutputStream(Files.newOutputStream(unfinished.resolve(name)))) {
                content.write(out);
              }
            });
      }
      Files.move(unfinished, output, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      FileTree.delete(unfinished);
    }
  }

  private static void put(TarArchiveOutputStream tar, String name, long size, Content content)
      throws IOException {
    TarArchiveEntry entry = Packed.entry(name, TarConstants.LF_NORMAL, 0644);
    entry.setSize(size);
    tar.putArchiveEntry(entry);
    content.write(tar);
    tar.closeArchiveEntry();
  }

  /** Writes what a file holds. */
  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  /** Takes the files of a layout. */
  private interface Sink {
    void put(String name, long size, Content content) throws IOException;
  }

  private static void layout(Packed packed, Sink files) throws IOException {
    putSmall(files, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    putSmall(files, "index.json", new String(index(packed), StandardCharsets.UTF_8));
    files.put(blob(packed.layer().digest()), packed.layer().size(), packed::writeLayer);
    putBlob(files, packed.config());
    putBlob(files, packed.manifest());
  }

  private static void putSmall(Sink files, String name, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    files.put(name, bytes.length, out -> out.write(bytes));
  }

  private static void putBlob(Sink files, byte[] bytes) throws IOException {
    files.put(blob(Digest.of(bytes)), bytes.length, out -> out.write(bytes));
  }

  private static String blob(String digest) {
    return BLOBS + Digest.hex(digest);
  }

  private static byte[] index(Packed packed) {
    ObjectNode index = Json.MAPPER.createObjectNode();
    index.put("schemaVersion", 2).put("mediaType", "application/vnd.oci.image.index.v1+json");
    ObjectNode manifest =
        Packed.put(
            index.putArray("manifests").addObject(),
            Descriptor.of(Packed.MANIFEST_TYPE, packed.manifest()));
    manifest
        .putObject("platform")
        .put("architecture", packed.folder().architecture())
        .put("os", Platform.OS);
    manifest.putObject("annotations").put(Descriptor.TAG, TAG);
    return Json.MAPPER.writeValueAsBytes(index);
  }
}
