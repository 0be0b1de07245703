package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clinisandbox.sandbox.Digest;
import org.jspecify.annotations.Nullable;

/** What {@code oci:…} in a manifest names. */
sealed interface Reference {
  Pattern FORM = Pattern.compile("oci:([^@]+)(?:@(.*))?");
  Pattern IN_REGISTRY =
      Pattern.compile(
          "([A-Za-z0-9.-]+(?::[0-9]{1,5})?)"
              + "/([a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)"
              + "(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?");

  /** The digest that pins it; null when none is given. */
  @Nullable String digest();

  /**
   * A layout, an archive or a folder below the home folder.
   *
   * @param text may end with a tag
   */
  record AtPath(String text, @Nullable String digest) implements Reference {
    /** Where it is, and which of several images is meant. */
    record Located(Path path, @Nullable String tag) {}

    /** A path that is there as it is written has no tag. */
    Located locate(Path home) throws IOException {
      Path root = home.toRealPath();
      Path whole = inside(root, text);
      if (whole != null) {
        return new Located(whole, null);
      }
      int colon = text.lastIndexOf(':');
      Path untagged = colon > text.lastIndexOf('/') ? inside(root, text.substring(0, colon)) : null;
      if (untagged == null) {
        throw ImageException.refused("is not there; paths are relative to the home folder");
      }
      return new Located(untagged, text.substring(colon + 1));
    }

    private static @Nullable Path inside(Path root, String text) throws IOException {
      Path path;
      try {
        path = root.resolve(text);
      } catch (InvalidPathException e) {
        return null;
      }
      if (!Files.exists(path)) {
        return null;
      }
      Path real = path.toRealPath();
      if (!real.startsWith(root) || real.equals(root)) {
        throw ImageException.refused("lies outside the home folder; move it below that");
      }
      return real;
    }
  }

  /**
   * An image in a registry.
   *
   * @param host with its port, where one is given
   */
  record InRegistry(String host, String repository, @Nullable String tag, @Nullable String digest)
      implements Reference {}

  /** Takes a reference apart. One whose first part looks like a host is of a registry. */
  static Reference parse(String text, Path home) throws ImageException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw ImageException.refused("is of no known kind; write oci:PATH or oci:PATH@sha256:HEX");
    }
    String name = form.group(1);
    String digest = form.group(2);
    if (digest != null && !Digest.isWellFormed(digest)) {
      throw ImageException.refused("has a digest that is not sha256: and 64 lower-case hex digits");
    }
    Matcher registry = IN_REGISTRY.matcher(name);
    if (registry.matches() && isHost(registry.group(1)) && !isBelow(home, registry.group(1))) {
      return new InRegistry(registry.group(1), registry.group(2), registry.group(3), digest);
    }
    return new AtPath(name, digest);
  }

  private static boolean isHost(String part) {
    return part.contains(".") || part.contains(":") || part.equals("localhost");
  }

  private static boolean isBelow(Path home, String part) {
    return Files.exists(home.resolve(part));
  }
}
