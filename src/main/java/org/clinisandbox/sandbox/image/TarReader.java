package org.clinisandbox.sandbox.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** The entries of a tar archive, one after the other, with a bound on what one header may take. */
final class TarReader {
  /** Long names and extended headers are kept in memory while they are read. */
  private static final int MOST_HEADER_BYTES = 256 << 10;

  private final Counting counting;
  private final TarArchiveInputStream tar;
  private boolean begun;

  TarReader(InputStream archive) {
    counting = new Counting(archive);
    tar = new TarArchiveInputStream(counting, "UTF-8");
  }

  /** The next entry; null at the end. */
  @Nullable TarArchiveEntry next() throws IOException {
    if (begun) {
      tar.transferTo(OutputStream.nullOutputStream());
    }
    begun = true;
    counting.left = MOST_HEADER_BYTES;
    try {
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry != null && !entry.isCheckSumOK()) {
        throw new IOException("a header's checksum is wrong");
      }
      if (entry != null && entry.isSparse()) {
        throw ImageException.refused(
            "has a sparse entry; pack it with a tar that writes files out");
      }
      return entry;
    } catch (IllegalArgumentException e) {
      throw new IOException("a header cannot be read", e);
    } finally {
      counting.left = Long.MAX_VALUE;
    }
  }

  /** The bytes of the entry; it ends where they end. */
  InputStream content() {
    return tar;
  }

  /** Where the next byte lies in the archive. */
  long position() {
    return counting.position;
  }

  /** Counts what the library takes, and holds it to its bound. */
  private static final class Counting extends FilterInputStream {
    private long position;
    private long left = Long.MAX_VALUE;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      if (n > 0) {
        position += n;
        left -= n;
        if (left < 0) {
          throw ImageException.refused(
              "has an entry whose header is longer than " + MOST_HEADER_BYTES + " bytes");
        }
      }
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      return readNBytes((int) Math.min(n, 8192)).length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
