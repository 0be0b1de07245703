package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.clinisandbox.sandbox.Digest;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes OCI images by hand: blobs by digest, and what points at them. */
final class Layout {
  static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";

  final Map<String, byte[]> blobs = new TreeMap<>();
  private final ObjectNode index = Json.MAPPER.createObjectNode().put("schemaVersion", 2);
  private final ArrayNode manifests = index.putArray("manifests");

  /** An image that starts {@code /model}. */
  static Layout of(byte[]... layers) {
    Layout layout = new Layout();
    layout.point(layout.image(Platform.architecture(), layers), MANIFEST, "latest");
    return layout;
  }

  /** Adds a blob; returns its digest. */
  String blob(byte[] bytes) {
    String digest = Digest.of(bytes);
    blobs.put(digest, bytes);
    return digest;
  }

  /** Adds an image; returns the digest of its manifest. */
  String image(String architecture, byte[]... layers) {
    ObjectNode config = Json.MAPPER.createObjectNode();
    config.put("architecture", architecture).put("os", "linux");
    ObjectNode start = config.putObject("config");
    start.putArray("Entrypoint").add("/model");
    start.putArray("Cmd").add("--quiet");
    start.putArray("Env").add("PATH=/bin");
    start.put("WorkingDir", "/data");
    config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
    List<Descriptor> parts = new ArrayList<>();
    for (byte[] layer : layers) {
      blob(layer);
      parts.add(Descriptor.of(LAYER, layer));
    }
    return manifest(Json.MAPPER.writeValueAsBytes(config), parts);
  }

  /** Adds a manifest of these very parts; returns its digest. */
  String manifest(byte[] config, List<Descriptor> layers) {
    blob(config);
    ObjectNode manifest = Json.MAPPER.createObjectNode().put("schemaVersion", 2);
    Packed.put(
        manifest.putObject("config"),
        Descriptor.of("application/vnd.oci.image.config.v1+json", config));
    ArrayNode list = manifest.putArray("layers");
    layers.forEach(part -> Packed.put(list.addObject(), part));
    return blob(Json.MAPPER.writeValueAsBytes(manifest));
  }

  /** Adds an index of two images, by their architectures; returns its digest. */
  String index(Map<String, String> digestsByArchitecture) {
    ObjectNode inner = Json.MAPPER.createObjectNode().put("schemaVersion", 2);
    ArrayNode list = inner.putArray("manifests");
    digestsByArchitecture.forEach(
        (architecture, digest) ->
            describe(list.addObject(), digest, MANIFEST)
                .putObject("platform")
                .put("os", "linux")
                .put("architecture", architecture));
    return blob(Json.MAPPER.writeValueAsBytes(inner));
  }

  private ObjectNode describe(ObjectNode node, String digest, String mediaType) {
    byte[] bytes = blobs.getOrDefault(digest, new byte[0]);
    return node.put("mediaType", mediaType).put("digest", digest).put("size", bytes.length);
  }

  /** Lets the layout's index name an image. */
  Layout point(String digest, String mediaType, String tag) {
    describe(manifests.addObject(), digest, mediaType)
        .putObject("annotations")
        .put("org.opencontainers.image.ref.name", tag);
    return this;
  }

  /** The digest that the index names first. */
  String digest() {
    return manifests.get(0).path("digest").asString();
  }

  Layout write(Path folder) {
    try {
      Files.createDirectories(folder.resolve("blobs/sha256"));
      Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
      Files.write(folder.resolve("index.json"), Json.MAPPER.writeValueAsBytes(index));
      for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
        Files.write(file(folder, blob.getKey()), blob.getValue());
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path file(Path folder, String digest) {
    return folder.resolve("blobs/sha256").resolve(Digest.hex(digest));
  }

  byte[] archive() {
    Tar tar = new Tar().file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    tar.file("index.json", Json.MAPPER.writeValueAsBytes(index), 0644);
    blobs.forEach((digest, bytes) -> tar.file("blobs/sha256/" + Digest.hex(digest), bytes, 0644));
    return tar.bytes();
  }
}
