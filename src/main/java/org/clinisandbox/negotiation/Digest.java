package org.clinisandbox.negotiation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Names for JSON by its content. */
final class Digest {
  private Digest() {}

  /** SHA-256 of its text, in hex. */
  static String of(JsonNode json) {
    return HexFormat.of().formatHex(sha256(json.toString()));
  }

  /** A UUID (version 8, RFC 9562) that is the same for the same text. */
  static UUID uuid(String text) {
    byte[] hash = sha256(text);
    long high = 0;
    long low = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      high = (high << 8) | (hash[i] & 0xff);
      low = (low << 8) | (hash[i + Long.BYTES] & 0xff);
    }
    return new UUID((high & ~0xf000L) | 0x8000L, (low & 0x3fffffffffffffffL) | 0x8000000000000000L);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
