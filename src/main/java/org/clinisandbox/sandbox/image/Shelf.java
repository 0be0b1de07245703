package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.FileTree;
import org.jspecify.annotations.Nullable;

/**
 * The unpacked images in one folder: for each a folder named by the digits of its digest, with
 * {@code root}, {@code record} and, once asked for, {@code disk.ext4}. A process reads an image
 * whole the first time it uses it, and from then on only asks whether it was changed.
 */
final class Shelf {
  static final String UNFINISHED = ".tmp";
  private static final String ROOT = "root";
  private static final String RECORD = "record";

  private final Path folder;
  private final Locks locks;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Map<String, Seal> disks = new ConcurrentHashMap<>();

  /** An image that this process has read whole. */
  private record Kept(Image image, Seal seal) {}

  Shelf(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder).toRealPath();
    Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwx--x--x"));
    this.locks = new Locks(this.folder.resolve("locks"));
  }

  Path folder() {
    return folder;
  }

  Locks locks() {
    return locks;
  }

  /** An image as it was unpacked; null when it is not here. */
  @Nullable Image find(String digest) throws IOException {
    Kept before = kept.get(digest);
    if (before != null && before.seal().holds()) {
      markUsed(digest);
      return before.image();
    }
    return locks.holding(Digest.hex(digest), () -> read(digest));
  }

  private Path place(String digest) {
    return folder.resolve(Digest.hex(digest));
  }

  private void markUsed(String digest) throws IOException {
    try {
      Files.setLastModifiedTime(place(digest).resolve(RECORD), FileTime.from(Instant.now()));
    } catch (NoSuchFileException e) {
      forget(digest);
    }
  }

  /** When the image in a place was last used; a place without a record was never of use. */
  static FileTime used(Path place) throws IOException {
    try {
      return Files.getLastModifiedTime(place.resolve(RECORD));
    } catch (NoSuchFileException e) {
      return FileTime.fromMillis(0);
    }
  }

  private void forget(String digest) {
    kept.remove(digest);
    disks.remove(digest);
  }

  /** Compares all of an image with its record; what differs is thrown away. */
  private @Nullable Image read(String digest) throws IOException {
    forget(digest);
    Path place = place(digest);
    if (!Files.exists(place)) {
      return null;
    }
    Path root = place.resolve(ROOT);
    try {
      Unpacked record = Unpacked.read(place.resolve(RECORD));
      if (record == null) {
        throw changed(place, "its record");
      }
      Seal seal = Seal.of(root);
      String difference = record.difference(Inventory.of(root).lines());
      if (difference != null) {
        throw changed(place, difference);
      }
      Image image = new Image(digest, root, record.launch());
      kept.put(digest, new Kept(image, seal));
      markUsed(digest);
      return image;
    } catch (NoSuchFileException e) {
      throw changed(place, "a file that is gone");
    }
  }

  private ImageException changed(Path place, String what) throws IOException {
    remove(place);
    return ImageException.mismatch(
        "was changed after it was unpacked ("
            + what
            + "); the copy was thrown away, so try again and find out who writes to "
            + folder);
  }

  /** Moves it out of the way first, so that nobody finds half of it. */
  private static void remove(Path place) throws IOException {
    Path aside = place.resolveSibling(place.getFileName() + UNFINISHED);
    FileTree.delete(aside);
    Files.move(place, aside, StandardCopyOption.ATOMIC_MOVE);
    FileTree.delete(aside);
  }

  /** Removes an image, unless somebody is at work on it; says whether it did. */
  boolean discard(String digest) throws IOException {
    return locks.ifFree(
        Digest.hex(digest),
        () -> {
          forget(digest);
          if (Files.exists(place(digest))) {
            remove(place(digest));
          }
        });
  }

  /** Unpacks an image, or verifies these contents when somebody else was quicker. */
  Image put(Contents contents, long mostBytes) throws IOException {
    return locks.holding(
        Digest.hex(contents.digest()),
        () -> {
          Image there = read(contents.digest());
          if (there == null) {
            return unpacked(contents, mostBytes);
          }
          contents.verify(mostBytes);
          return there;
        });
  }

  private Image unpacked(Contents contents, long mostBytes) throws IOException {
    Path place = place(contents.digest());
    Path unfinished = place.resolveSibling(place.getFileName() + UNFINISHED);
    FileTree.delete(unfinished);
    try {
      Files.createDirectory(unfinished);
      Files.setPosixFilePermissions(unfinished, Tree.FOLDER);
      Path root = unfinished.resolve(ROOT);
      Unpacker.unpack(contents.layers(), root, mostBytes);
      Seal seal = Seal.of(root);
      new Unpacked(contents.launch(), Inventory.of(root).lines()).write(unfinished.resolve(RECORD));
      Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
      Path moved = place.resolve(ROOT);
      Image image = new Image(contents.digest(), moved, contents.launch());
      kept.put(contents.digest(), new Kept(image, seal.movedTo(moved)));
      return image;
    } finally {
      FileTree.delete(unfinished);
    }
  }

  /** The image's disk, made now or before. */
  Path disk(String digest) throws IOException {
    Disk disk = new Disk(place(digest));
    Seal seal = disks.get(digest);
    if (seal == null || !seal.holds()) {
      locks.holding(
          Digest.hex(digest),
          () -> {
            if (!disk.isThere()) {
              Image image = read(digest);
              if (image == null) {
                throw ImageException.refused("is not in the cache any more; open it again");
              }
              disk.make(image.root());
            }
            return disks.put(digest, disk.verified());
          });
    }
    return disk.file();
  }
}
