package org.clinisandbox.sandbox.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** Parts that are entries of a tar archive, which is read where it lies. */
final class ArchiveParts implements Parts {
  private static final int MOST_ENTRIES = 10_000;
  private static final int BUFFER = 64 << 10;

  private final FileChannel file;
  private final Map<String, Place> places = new HashMap<>();

  /** Where an entry's bytes lie. */
  private record Place(long start, long size) {}

  private ArchiveParts(FileChannel file) {
    this.file = file;
  }

  /** Lists the archive's entries. */
  static ArchiveParts of(Path path) throws IOException {
    ArchiveParts parts = new ArchiveParts(FileChannel.open(path, StandardOpenOption.READ));
    try {
      parts.list();
      return parts;
    } catch (IOException e) {
      parts.close();
      throw e;
    }
  }

  private void list() throws IOException {
    TarReader tar = new TarReader(slice(0, file.size()));
    Map<String, String> links = new HashMap<>();
    for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
      if (places.size() + links.size() >= MOST_ENTRIES) {
        throw ImageException.refused("is an archive of more than " + MOST_ENTRIES + " entries");
      }
      String name = String.join("/", EntryName.parts(entry.getName()));
      if (entry.isSymbolicLink() || entry.isLink()) {
        links.put(name, target(name, entry));
      } else if (entry.isFile()) {
        places.put(name, new Place(tar.position(), entry.getSize()));
      }
    }
    Map<String, Place> linked = new HashMap<>();
    links.forEach(
        (name, target) -> {
          Place place = places.get(target);
          if (place != null) {
            linked.put(name, place);
          }
        });
    places.putAll(linked);
  }

  /** The name that a link has for an entry: one beside it, or in a folder beside it. */
  private static String target(String name, TarArchiveEntry entry) throws ImageException {
    String text = entry.getLinkName();
    if (entry.isLink()) {
      return String.join("/", EntryName.parts(text));
    }
    List<String> folder = EntryName.parts(name);
    Path here = Path.of("/", folder.subList(0, folder.size() - 1).toArray(String[]::new));
    return here.resolve(EntryName.linkText(text)).normalize().toString().substring(1);
  }

  @Override
  public boolean has(String name) {
    return places.containsKey(name);
  }

  @Override
  public InputStream open(String name) throws IOException {
    Place place = places.get(name);
    if (place == null) {
      throw ImageException.refused("is an archive that lacks one of its parts");
    }
    return slice(place.start(), place.size());
  }

  /** Reads by position, so that several parts can be read at once. */
  private InputStream slice(long start, long size) {
    return new BufferedInputStream(
        new InputStream() {
          private long at = start;

          @Override
          public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            int most = (int) Math.min(length, start + size - at);
            if (most <= 0) {
              return length == 0 ? 0 : -1;
            }
            int n = file.read(ByteBuffer.wrap(bytes, offset, most), at);
            at += Math.max(0, n);
            return n;
          }

          @Override
          public long skip(long n) {
            long skipped = Math.max(0, Math.min(n, start + size - at));
            at += skipped;
            return skipped;
          }
        },
        BUFFER);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
