package org.clinisandbox.sandbox.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;

/**
 * One layer of an image: a tar archive, plain or compressed by gzip, verified as it is read.
 *
 * @param bytes opens it as it is stored
 * @param digest of the stored bytes, or of the archive inside
 * @param size of the stored bytes; meaningless for a digest of the archive inside
 * @param ofArchive whether the digest is of the archive inside
 */
record Layer(Opening bytes, String digest, long size, boolean ofArchive) {
  private static final int BUFFER = 64 << 10;

  /** Opens bytes. */
  interface Opening {
    InputStream open() throws IOException;
  }

  /** Reads a tar archive. */
  interface Reader {
    void read(InputStream archive) throws IOException;
  }

  /** Reads the layer to its end, whose digest must fit whatever the reader made of it. */
  void read(Meter meter, Reader reader) throws IOException {
    try (InputStream stored = bytes.open()) {
      if (ofArchive) {
        InputStream archive =
            meter.counting(VerifiedStream.ofAnySize(uncompressed(stored), digest));
        readToEnd(archive, () -> reader.read(archive));
      } else {
        VerifiedStream verified = VerifiedStream.of(stored, digest, size);
        readToEnd(
            verified,
            () -> {
              InputStream archive = meter.counting(uncompressed(verified));
              reader.read(archive);
              drain(archive);
            });
      }
    }
  }

  /** Reads the layer to its end, only to verify it. */
  void verify(Meter meter) throws IOException {
    try (InputStream stored = bytes.open()) {
      drain(
          ofArchive
              ? meter.counting(VerifiedStream.ofAnySize(uncompressed(stored), digest))
              : VerifiedStream.of(stored, digest, size));
    }
  }

  /** Work on a stream. */
  private interface Work {
    void run() throws IOException;
  }

  /** Altered bytes often fail to be a sound archive first; that they are altered is what counts. */
  private static void readToEnd(InputStream verified, Work work) throws IOException {
    try {
      work.run();
    } catch (IOException e) {
      try {
        drain(verified);
      } catch (IOException later) {
        throw later instanceof ImageException why && why.isMismatch() ? why : e;
      }
      throw e;
    }
    drain(verified);
  }

  private static void drain(InputStream in) throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  /** The first bytes say how it is compressed. */
  private static InputStream uncompressed(InputStream in) throws IOException {
    BufferedInputStream stored = new BufferedInputStream(in, BUFFER);
    stored.mark(4);
    byte[] start = stored.readNBytes(4);
    stored.reset();
    if (startsWith(start, 0x28, 0xb5, 0x2f, 0xfd)) {
      throw ImageException.refused(
          "has a layer compressed by zstd; compress it by gzip, as skopeo copy"
              + " --dest-compress-format gzip does");
    }
    return startsWith(start, 0x1f, 0x8b) ? new GZIPInputStream(stored, BUFFER) : stored;
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    if (bytes.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((bytes[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }
}
