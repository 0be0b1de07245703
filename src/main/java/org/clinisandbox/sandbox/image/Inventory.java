package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.clinisandbox.sandbox.Digest;

/**
 * What a root file system holds: a line for each file, folder and link, sorted by path, with kind,
 * mode, size and digest, or where the link leads.
 */
final class Inventory {
  private final List<String> lines = new ArrayList<>();
  private final Path root;

  /** Digests of files that have several names, by the file's own key. */
  private final Map<Object, String> digests = new HashMap<>();

  private Inventory(Path root) {
    this.root = root;
  }

  /** Reads all of it. */
  static Inventory of(Path root) throws IOException {
    Inventory inventory = new Inventory(root);
    inventory.add(root);
    return inventory;
  }

  private void add(Path path) throws IOException {
    PosixFileAttributes said =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    String name = quoted(root.relativize(path).toString());
    String mode = PosixFilePermissions.toString(said.permissions());
    if (said.isDirectory()) {
      lines.add(name + " folder " + mode);
      for (Path child : Tree.children(path)) {
        add(child);
      }
    } else if (said.isSymbolicLink()) {
      lines.add(name + " link " + quoted(Files.readSymbolicLink(path).toString()));
    } else if (said.isRegularFile()) {
      lines.add(name + " file " + mode + " " + said.size() + " " + digest(path, said));
    } else {
      lines.add(name + " other");
    }
  }

  private String digest(Path path, BasicFileAttributes said) throws IOException {
    Object key = said.fileKey();
    String known = key == null ? null : digests.get(key);
    String digest = known == null ? Digest.of(path) : known;
    if (key != null) {
      digests.put(key, digest);
    }
    return digest;
  }

  /** One word on one line, whatever characters the name has. */
  private static String quoted(String name) {
    return Json.MAPPER.writeValueAsString(name);
  }

  List<String> lines() {
    return lines;
  }
}
