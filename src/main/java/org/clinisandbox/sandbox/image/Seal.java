package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the system says of every file and folder below a place. While it says the same, nothing was
 * changed: each write sets the change time, which no program can set back, and a file that comes or
 * goes changes its folder. A place is asked file by file, without listing folders.
 */
final class Seal {
  private static final String ATTRIBUTES = "unix:mode,ino,size,lastModifiedTime,ctime";

  /** The system's clock for files goes in steps; a write within the same step could not be told. */
  private static final Duration STEP = Duration.ofMillis(20);

  private final Path place;
  private final List<Sealed> all;

  /** A file or folder below the place, and what was said of it. */
  private record Sealed(Path path, Stat stat) {}

  private record Stat(int mode, long inode, long size, FileTime modified, FileTime changed) {
    static Stat of(Path path) throws IOException {
      Map<String, Object> said = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      return new Stat(
          get(said, "mode", Integer.class),
          get(said, "ino", Number.class).longValue(),
          get(said, "size", Long.class),
          get(said, "lastModifiedTime", FileTime.class),
          get(said, "ctime", FileTime.class));
    }

    private static <T> T get(Map<String, Object> said, String name, Class<T> type) {
      return type.cast(Objects.requireNonNull(said.get(name)));
    }
  }

  private Seal(Path place, List<Sealed> all) {
    this.place = place;
    this.all = all;
  }

  /** Seals a file, or a folder with all below it. What is read after this is what it seals. */
  static Seal of(Path place) throws IOException {
    Seal seal = take(place);
    Instant settled = seal.newest().plus(STEP);
    Duration wait = Duration.between(Instant.now(), settled);
    if (!wait.isPositive()) {
      return seal;
    }
    try {
      Thread.sleep(wait.compareTo(STEP) < 0 ? wait : STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ImageException.refused("was not read to its end: the start was interrupted");
    }
    return take(place);
  }

  private static Seal take(Path place) throws IOException {
    List<Sealed> all = new ArrayList<>();
    Files.walkFileTree(
        place,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            return add(folder);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            return add(file);
          }

          private FileVisitResult add(Path path) throws IOException {
            if (all.size() > Meter.MOST_FILES) {
              throw ImageException.refused("holds more than " + Meter.MOST_FILES + " files");
            }
            all.add(new Sealed(path, Stat.of(path)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return new Seal(place, List.copyOf(all));
  }

  private Instant newest() {
    return all.stream()
        .map(one -> one.stat().changed().toInstant())
        .max(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }

  /** Whether nothing was changed since. */
  boolean holds() {
    try {
      for (Sealed one : all) {
        if (!Stat.of(one.path()).equals(one.stat())) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The same seal, for a place that was renamed together with the folder around it. */
  Seal movedTo(Path newPlace) {
    return new Seal(
        newPlace,
        all.stream()
            .map(one -> new Sealed(newPlace.resolve(place.relativize(one.path())), one.stat()))
            .toList());
  }
}
