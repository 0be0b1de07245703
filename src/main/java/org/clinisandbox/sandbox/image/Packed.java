package org.clinisandbox.sandbox.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.clinisandbox.sandbox.Digest;
import tools.jackson.databind.node.ObjectNode;

/**
 * A folder as an OCI image of one layer. The same files give the same bytes: names are sorted,
 * owners and times are left out, of modes only whether the owner may execute is kept, and nothing
 * is compressed.
 *
 * @param folder what is packed
 * @param layer the descriptor of the layer, which is written anew each time it is needed
 * @param config the configuration
 * @param manifest the manifest, whose digest pins all
 */
record Packed(ImageFolder folder, Descriptor layer, byte[] config, byte[] manifest) {
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";
  private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final int EXECUTABLE = 0755;
  private static final int READABLE = 0644;
  private static final int BUFFER = 64 << 10;

  static Packed of(ImageFolder folder) throws IOException {
    MessageDigest hash = Digest.start();
    long[] size = new long[1];
    writeTar(
        folder,
        new DigestOutputStream(OutputStream.nullOutputStream(), hash) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            super.write(bytes, offset, length);
            size[0] += length;
          }
        });
    Descriptor layer = new Descriptor(LAYER_TYPE, Digest.end(hash), size[0], null, null, null);
    byte[] config = config(folder, layer.digest());
    return new Packed(folder, layer, config, manifest(config, layer));
  }

  String digest() {
    return Digest.of(manifest);
  }

  private static byte[] config(ImageFolder folder, String layer) {
    ObjectNode config = Json.MAPPER.createObjectNode();
    config.put("architecture", folder.architecture()).put("os", Platform.OS);
    ObjectNode start = config.putObject("config");
    folder.launch().environment().forEach(start.putArray("Env")::add);
    folder.launch().arguments().forEach(start.putArray("Entrypoint")::add);
    start.put("WorkingDir", folder.launch().workingFolder());
    config.putObject("rootfs").put("type", "layers").putArray("diff_ids").add(layer);
    return Json.MAPPER.writeValueAsBytes(config);
  }

  private static byte[] manifest(byte[] config, Descriptor layer) {
    ObjectNode manifest = Json.MAPPER.createObjectNode();
    manifest.put("schemaVersion", 2).put("mediaType", MANIFEST_TYPE);
    put(manifest.putObject("config"), Descriptor.of(CONFIG_TYPE, config));
    put(manifest.putArray("layers").addObject(), layer);
    return Json.MAPPER.writeValueAsBytes(manifest);
  }

  static ObjectNode put(ObjectNode node, Descriptor part) {
    return node.put("mediaType", part.mediaType())
        .put("digest", part.digest())
        .put("size", part.size());
  }

  /** Writes the layer; fails when the folder is no longer what it was. */
  void writeLayer(OutputStream out) throws IOException {
    MessageDigest hash = Digest.start();
    DigestOutputStream hashed = new DigestOutputStream(out, hash);
    writeTar(folder, hashed);
    hashed.flush();
    if (!Digest.end(hash).equals(layer.digest())) {
      throw ImageException.refused("was changed while it was read; try again");
    }
  }

  /**
   * The image, to be unpacked like any other.
   *
   * @param scratch a folder where the layer is kept, without a name, while it is read
   */
  Contents contents(Path scratch) throws ImageException {
    Platform.check(Platform.OS, folder.architecture());
    Layer.Opening opening =
        () -> {
          FileChannel file =
              FileChannel.open(
                  scratch.resolve("packed-" + Digest.hex(layer.digest()) + "-" + System.nanoTime()),
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.DELETE_ON_CLOSE);
          try {
            writeLayer(Channels.newOutputStream(file));
            return Channels.newInputStream(file.position(0));
          } catch (IOException e) {
            file.close();
            throw e;
          }
        };
    return new Contents(
            digest(),
            folder.launch(),
            List.of(new Layer(opening, layer.digest(), layer.size(), false)))
        .checked();
  }

  private static void writeTar(ImageFolder folder, OutputStream out) throws IOException {
    BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
    TarArchiveOutputStream tar = tar(buffered);
    for (Map.Entry<String, Path> file : folder.files().entrySet()) {
      write(tar, file.getKey(), file.getValue());
    }
    tar.finish();
    buffered.flush();
  }

  private static void write(TarArchiveOutputStream tar, String name, Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      TarArchiveEntry entry = entry(name, TarConstants.LF_SYMLINK, EXECUTABLE);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
      tar.putArchiveEntry(entry);
    } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      tar.putArchiveEntry(entry(name + "/", TarConstants.LF_DIR, EXECUTABLE));
    } else {
      boolean executable =
          Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)
              .contains(PosixFilePermission.OWNER_EXECUTE);
      TarArchiveEntry entry =
          entry(name, TarConstants.LF_NORMAL, executable ? EXECUTABLE : READABLE);
      entry.setSize(Files.size(path));
      tar.putArchiveEntry(entry);
      Files.copy(path, tar);
    }
    tar.closeArchiveEntry();
  }

  /** A writer of archives with names of any length and files of any size. */
  static TarArchiveOutputStream tar(OutputStream out) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    return tar;
  }

  /** An entry that says nothing of who made it, and when. */
  static TarArchiveEntry entry(String name, byte kind, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setMode(mode);
    entry.setModTime(0);
    entry.setIds(0, 0);
    entry.setNames("", "");
    return entry;
  }
}
