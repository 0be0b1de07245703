package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A root file system being made. Names are looked up inside it, as a process rooted there would: a
 * symbolic link is followed by its text, never by the host.
 */
final class Tree {
  static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");
  private static final int MOST_LINKS = 40;

  private final Path root;
  private final Meter meter;

  /** Makes the root folder. */
  Tree(Path root, Meter meter) throws IOException {
    this.root = root;
    this.meter = meter;
    makeFolder(root);
  }

  private void makeFolder(Path folder) throws IOException {
    meter.file();
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, FOLDER);
  }

  /**
   * The real folder that holds a name's last part; null when it is not there and not to be made.
   */
  @Nullable Path folderOf(List<String> name, boolean make) throws IOException {
    Deque<String> rest = new ArrayDeque<>(name.subList(0, name.size() - 1));
    Path at = root;
    int links = 0;
    while (!rest.isEmpty()) {
      String part = rest.pop();
      if (part.equals("..")) {
        at = at.equals(root) ? root : above(at);
        continue;
      }
      Path next = at.resolve(part);
      BasicFileAttributes there = look(next);
      if (there == null) {
        if (!make) {
          return null;
        }
        makeFolder(next);
        at = next;
      } else if (there.isDirectory()) {
        at = next;
      } else if (there.isSymbolicLink() && ++links <= MOST_LINKS) {
        String target = Files.readSymbolicLink(next).toString();
        at = target.startsWith("/") ? root : at;
        parts(target).reversed().forEach(rest::push);
      } else {
        throw ImageException.refused(
            "has an entry below " + root.relativize(next) + ", which is no folder");
      }
      if (root.relativize(at).getNameCount() + rest.size() > EntryName.MOST_PARTS) {
        throw ImageException.refused("has folders nested too deeply");
      }
    }
    return at;
  }

  private Path above(Path folder) {
    Path parent = folder.getParent();
    return parent == null ? root : parent;
  }

  private static List<String> parts(String target) {
    List<String> parts = new ArrayList<>();
    for (Path part : Path.of(target)) {
      String text = part.toString();
      if (!text.isEmpty() && !text.equals(".")) {
        parts.add(text);
      }
    }
    return parts;
  }

  /** Makes a folder, or keeps the one that is there. */
  void folder(Path at) throws IOException {
    BasicFileAttributes there = look(at);
    if (there != null && there.isDirectory()) {
      return;
    }
    if (there != null) {
      Files.delete(at);
    }
    makeFolder(at);
  }

  /** What is there itself, whatever it points to. */
  static @Nullable BasicFileAttributes look(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** What a folder holds, by name. */
  static Iterable<Path> children(Path folder) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      Set<Path> sorted = new TreeSet<>();
      children.forEach(sorted::add);
      return sorted;
    }
  }
}
