package org.clinisandbox.sandbox.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.clinisandbox.sandbox.Digest;
import org.jspecify.annotations.Nullable;

/** An image as it is stored on this host, while it is read. */
record Source(Contents contents, Closeable open) implements Closeable {
  private static final String LAYOUT = "oci-layout";
  private static final String INDEX = "index.json";
  private static final int TAR_MAGIC_AT = 257;

  /**
   * Opens a layout, an archive or a plain folder, whichever is there.
   *
   * @param tag of the image; null for the only one
   * @param wanted the digest it must have; null for any
   * @param scratch a folder for what a plain folder is packed into
   */
  static Source open(Path path, @Nullable String tag, @Nullable String wanted, Path scratch)
      throws IOException {
    if (Files.isDirectory(path)) {
      Parts parts = new FolderParts(path);
      return parts.has(LAYOUT)
          ? new Source(layout(parts, tag, wanted), parts)
          : new Source(plain(path, tag, wanted, scratch), parts);
    }
    if (!isTar(path)) {
      throw ImageException.refused("is neither a folder nor an uncompressed tar archive");
    }
    Parts parts = ArchiveParts.of(path);
    try {
      return new Source(archive(parts, tag, wanted), parts);
    } catch (IOException e) {
      parts.close();
      throw e;
    }
  }

  private static Contents plain(
      Path path, @Nullable String tag, @Nullable String wanted, Path scratch) throws IOException {
    if (tag != null) {
      throw ImageException.refused("is a plain folder, which has no tags; leave out :" + tag);
    }
    Packed packed = Packed.of(ImageFolder.read(path));
    if (wanted != null && !wanted.equals(packed.digest())) {
      throw ImageException.mismatch(
          "has the digest " + packed.digest() + "; register that or restore");
    }
    return packed.contents(scratch);
  }

  private static boolean isTar(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] start = in.readNBytes(TAR_MAGIC_AT + 5);
      return new String(start, StandardCharsets.ISO_8859_1).endsWith("ustar");
    }
  }

  private static Contents archive(Parts parts, @Nullable String tag, @Nullable String wanted)
      throws IOException {
    if (parts.has(LAYOUT)) {
      return layout(parts, tag, wanted);
    }
    if (parts.has(DockerArchive.MANIFEST)) {
      return DockerArchive.read(parts, tag, wanted);
    }
    throw ImageException.refused("is an archive of neither an OCI layout nor docker save");
  }

  private static Contents layout(Parts parts, @Nullable String tag, @Nullable String wanted)
      throws IOException {
    return OciImage.ofLayout(
        parts.small(INDEX),
        part -> parts.open("blobs/sha256/" + Digest.hex(part.digest())),
        tag,
        wanted);
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
