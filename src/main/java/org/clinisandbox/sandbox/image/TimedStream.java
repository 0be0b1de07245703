package org.clinisandbox.sandbox.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Bytes from elsewhere that have to come to their end within a time, even if none come at all. */
final class TimedStream extends FilterInputStream {
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  TimedStream(InputStream in, Duration patience) {
    super(in);
    var _ =
        end.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((done, late) -> closeQuietly(in));
  }

  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // Whoever reads it learns that it is closed.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      throw end.isCompletedExceptionally()
          ? ImageException.refused("cannot be fetched; its registry takes too long to send it")
          : e;
    }
  }

  @Override
  public void close() {
    end.complete(null);
  }
}
