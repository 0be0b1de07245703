package org.clinisandbox.sandbox;

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

/** Digests of images and their parts, written {@code sha256:} and 64 lower-case hex digits. */
public final class Digest {
  private static final String PREFIX = "sha256:";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-f]{64}");

  private Digest() {}

  /** A SHA-256 that has seen nothing yet. */
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The digest of all that this has seen. */
  public static String end(MessageDigest hash) {
    return PREFIX + HexFormat.of().formatHex(hash.digest());
  }

  public static String of(byte[] bytes) {
    MessageDigest hash = start();
    hash.update(bytes);
    return end(hash);
  }

  /** Of a file's bytes; a symbolic link is refused. */
  public static String of(Path file) throws IOException {
    MessageDigest hash = start();
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), hash)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return end(hash);
  }

  public static boolean isWellFormed(String digest) {
    return FORM.matcher(digest).matches();
  }

  /** The 64 hex digits. */
  public static String hex(String digest) {
    return digest.substring(PREFIX.length());
  }
}
