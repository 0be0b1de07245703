package org.clinisandbox.sandbox.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.clinisandbox.sandbox.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that must have a digest and a size. Its end is reached only when they have; a byte too many
 * fails at once.
 */
final class VerifiedStream extends FilterInputStream {
  private static final long UNKNOWN = -1;

  private final MessageDigest hash = Digest.start();
  private final String digest;
  private final long size;
  private long count;
  private @Nullable String actual;

  private VerifiedStream(InputStream in, String digest, long size) {
    super(in);
    this.digest = digest;
    this.size = size;
  }

  static VerifiedStream of(InputStream in, String digest, long size) {
    return new VerifiedStream(in, digest, size);
  }

  static VerifiedStream ofAnySize(InputStream in, String digest) {
    return new VerifiedStream(in, digest, UNKNOWN);
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
      count += n;
      hash.update(bytes, offset, n);
      if (size != UNKNOWN && count > size) {
        throw ImageException.mismatch(
            "has a part with more than the " + size + " bytes stated for it: " + digest);
      }
    } else if (n < 0) {
      checkEnd();
    }
    return n;
  }

  /** Fails each time it is met: a reader in between may keep the first failure to itself. */
  private void checkEnd() throws ImageException {
    if (actual == null) {
      actual = Digest.end(hash);
    }
    if ((size != UNKNOWN && count != size) || !actual.equals(digest)) {
      throw ImageException.mismatch("has a part whose bytes are not those of " + digest);
    }
  }

  /** Skipped bytes count: they are read. */
  @Override
  public long skip(long n) throws IOException {
    return readNBytes((int) Math.min(n, 8192)).length;
  }

  /** Members of a gzip file are told apart by whether anything follows. */
  @Override
  public int available() throws IOException {
    return size == UNKNOWN ? super.available() : (int) Math.min(size - count, Integer.MAX_VALUE);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
