package org.clinisandbox.sandbox.image;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Names of entries in archives, taken apart. Nobody knows yet who wrote them. */
final class EntryName {
  static final int MOST_PARTS = 64;
  private static final Pattern SLASH = Pattern.compile("/");
  private static final int LONGEST_PART = 255;
  private static final int LONGEST = 1024;

  private EntryName() {}

  /** The parts of a relative name that stays where it is; empty for the top itself. */
  static List<String> parts(String name) throws ImageException {
    if (name.startsWith("/")) {
      throw ImageException.refused("has an entry with an absolute name");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw ImageException.refused("has an entry whose name is longer than " + LONGEST + " bytes");
    }
    List<String> parts = new ArrayList<>();
    for (String part : SLASH.splitAsStream(name).toList()) {
      if (part.equals("..")) {
        throw ImageException.refused("has an entry whose name leads out by \"..\"");
      }
      if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART) {
        throw ImageException.refused(
            "has an entry with a part of its name longer than " + LONGEST_PART + " bytes");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(writable(part));
      }
    }
    if (parts.size() > MOST_PARTS) {
      throw ImageException.refused("has folders nested deeper than " + MOST_PARTS);
    }
    return parts;
  }

  private static String writable(String part) throws ImageException {
    try {
      return Path.of(part).toString();
    } catch (InvalidPathException e) {
      throw ImageException.refused(
          "has a file name that cannot be written here; start this process with LC_ALL=C.UTF-8");
    }
  }

  /** A symbolic link's text, as it is; only its length and its characters are looked at. */
  static Path linkText(String target) throws ImageException {
    if (target.isEmpty() || target.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw ImageException.refused("has a link to nowhere, or one longer than " + LONGEST);
    }
    return Path.of(writable(target));
  }
}
