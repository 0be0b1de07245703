package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.clinisandbox.sandbox.FileTree;
import org.clinisandbox.sandbox.host.Usage;

/** Makes room on a shelf. Whatever another process works on is left to it. */
final class Cleaning {
  private static final String HEX = "[0-9a-f]{64}";

  private final Shelf shelf;

  Cleaning(Shelf shelf) {
    this.shelf = shelf;
  }

  /** An image on the shelf. */
  private record Kept(String digest, FileTime used, long bytes) {}

  /** Removes what a process left behind that died while it unpacked or removed. */
  void leftovers() throws IOException {
    for (Path unfinished : named(HEX + Shelf.UNFINISHED)) {
      String hex = unfinished.getFileName().toString().replace(Shelf.UNFINISHED, "");
      shelf.locks().ifFree(hex, () -> FileTree.delete(unfinished));
    }
  }

  /** Removes images that nobody uses, the least recently used first, while there are too many. */
  void downTo(long mostBytes, Set<String> inUse) throws IOException {
    List<Kept> all = new ArrayList<>();
    for (Path place : named(HEX)) {
      all.add(
          new Kept("sha256:" + place.getFileName(), Shelf.used(place), Usage.of(place).bytes()));
    }
    all.sort(Comparator.comparing(Kept::used));
    long bytes = all.stream().mapToLong(Kept::bytes).sum();
    for (Kept image : all) {
      if (bytes <= mostBytes) {
        return;
      }
      if (!inUse.contains(image.digest()) && shelf.discard(image.digest())) {
        bytes -= image.bytes();
      }
    }
  }

  private List<Path> named(String pattern) throws IOException {
    List<Path> named = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(shelf.folder())) {
      for (Path path : all) {
        if (path.getFileName().toString().matches(pattern)) {
          named.add(path);
        }
      }
    }
    return named;
  }
}
