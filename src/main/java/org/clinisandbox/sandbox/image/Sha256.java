package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Digests, written {@code sha256:} and 64 lower-case hex digits. */
final class Sha256 {
  private static final String PREFIX = "sha256:";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-f]{64}");

  private Sha256() {}

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String end(MessageDigest hash) {
    return PREFIX + HexFormat.of().formatHex(hash.digest());
  }

  static String of(byte[] bytes) {
    MessageDigest hash = start();
    hash.update(bytes);
    return end(hash);
  }

  static String of(Path file) throws IOException {
    MessageDigest hash = start();
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), hash)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return end(hash);
  }

  static boolean isDigest(String text) {
    return FORM.matcher(text).matches();
  }

  /** The 64 hex digits. */
  static String hex(String digest) {
    return digest.substring(PREFIX.length());
  }
}
