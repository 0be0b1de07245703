package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.clinisandbox.sandbox.Digest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What {@code docker save} writes: the digest of the configuration pins it, and that its layers.
 */
final class DockerArchive {
  static final String MANIFEST = "manifest.json";

  private DockerArchive() {}

  /**
   * The image of an archive.
   *
   * @param tag of the image, with or without its name; null for the only one, or for the one that
   *     has the digest
   * @param wanted the digest of its configuration; null for any
   */
  static Contents read(Parts parts, @Nullable String tag, @Nullable String wanted)
      throws IOException {
    List<JsonNode> meant = new ArrayList<>();
    for (JsonNode image : Json.read(parts.small(MANIFEST), "its " + MANIFEST)) {
      if (tag == null || hasTag(Json.texts(image, "RepoTags"), tag)) {
        meant.add(image);
      }
    }
    if (tag == null && wanted != null && meant.size() > 1) {
      for (JsonNode image : meant) {
        if (Digest.of(config(parts, image)).equals(wanted)) {
          return contents(parts, image, wanted);
        }
      }
    }
    if (meant.size() != 1) {
      throw ImageException.refused(
          meant.isEmpty()
              ? "has no image with the tag " + tag
              : "holds several images; name one by its tag, as PATH:TAG");
    }
    return contents(parts, meant.getFirst(), wanted);
  }

  private static boolean hasTag(List<String> names, String tag) {
    return names.stream().anyMatch(name -> name.equals(tag) || name.endsWith(":" + tag));
  }

  private static byte[] config(Parts parts, JsonNode image) throws IOException {
    return parts.small(Json.required(image, "Config"));
  }

  private static Contents contents(Parts parts, JsonNode image, @Nullable String wanted)
      throws IOException {
    byte[] bytes = config(parts, image);
    String digest = Digest.of(bytes);
    if (wanted != null && !wanted.equals(digest)) {
      throw ImageException.mismatch("has the digest " + digest + "; register that or restore");
    }
    JsonNode config = Json.read(bytes, "its configuration");
    List<String> files = Json.texts(image, "Layers");
    List<String> digests = Json.texts(config.path("rootfs"), "diff_ids");
    if (files.size() != digests.size()) {
      throw ImageException.refused("has another number of layers than its configuration names");
    }
    List<Layer> layers = new ArrayList<>();
    Iterator<String> digestOf = digests.iterator();
    for (String file : files) {
      String pinned = digestOf.next();
      if (!Digest.isWellFormed(pinned)) {
        throw ImageException.refused("has a layer whose digest is not of sha256");
      }
      layers.add(new Layer(() -> parts.open(file), pinned, 0, true));
    }
    return new Contents(digest, OciImage.launch(config), layers).checked();
  }
}
