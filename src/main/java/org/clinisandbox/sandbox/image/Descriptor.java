package org.clinisandbox.sandbox.image;

import org.clinisandbox.sandbox.Digest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How an index or a manifest names a part.
 *
 * @param digest of its bytes
 * @param size in bytes
 * @param os it is for; null when it does not say
 * @param architecture it is for; null when it does not say
 * @param tag it is known by; null when it has none
 */
record Descriptor(
    String mediaType,
    String digest,
    long size,
    @Nullable String os,
    @Nullable String architecture,
    @Nullable String tag) {
  static final String TAG = "org.opencontainers.image.ref.name";

  static Descriptor read(JsonNode node) throws ImageException {
    String mediaType = Json.required(node, "mediaType");
    String digest = Json.required(node, "digest");
    if (!Digest.isWellFormed(digest)) {
      throw ImageException.refused("has a part whose digest is not of sha256");
    }
    JsonNode size = node.path("size");
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.asLong() < 0) {
      throw ImageException.refused("has a part without a size");
    }
    JsonNode platform = node.path("platform");
    return new Descriptor(
        mediaType,
        digest,
        size.asLong(),
        Json.text(platform, "os"),
        Json.text(platform, "architecture"),
        Json.text(node.path("annotations"), TAG));
  }

  static Descriptor of(String mediaType, byte[] bytes) {
    return new Descriptor(mediaType, Digest.of(bytes), bytes.length, null, null, null);
  }
}
