package org.clinisandbox.sandbox.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What unpacking one image may still use, over all its layers. */
final class Meter {
  static final int MOST_FILES = 200_000;

  private final long mostBytes;
  private long bytes;
  private int files;

  /**
   * A meter for one image.
   *
   * @param mostBytes of its layers, uncompressed
   */
  Meter(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** A file, a folder, a link, or something that is dropped. */
  void file() throws ImageException {
    if (++files > MOST_FILES) {
      throw ImageException.refused("holds more than " + MOST_FILES + " files");
    }
  }

  private void bytes(long n) throws ImageException {
    bytes += n;
    if (bytes > mostBytes) {
      throw ImageException.refused(
          "holds more than " + mostBytes + " bytes when it is unpacked, the most that is allowed");
    }
  }

  InputStream counting(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int b = super.read();
        if (b >= 0) {
          bytes(1);
        }
        return b;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int n = super.read(into, offset, length);
        if (n > 0) {
          bytes(n);
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
    };
  }
}
