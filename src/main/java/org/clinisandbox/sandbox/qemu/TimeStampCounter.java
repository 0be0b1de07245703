package org.clinisandbox.sandbox.qemu;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast this host's time stamp counter runs. An emulated machine reads the same one, and its
 * kernel has nothing to measure it by.
 */
final class TimeStampCounter {
  private static final long MEASURED_NANOS = 30_000_000;
  private static final int TRIES = 3;

  private TimeStampCounter() {}

  /** Thousands of ticks in a second. */
  static long kiloHertz() {
    MethodHandle reader = Native.counterReader();
    long best = 0;
    long leastNanos = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long started = System.nanoTime();
      long first = read(reader);
      LockSupport.parkNanos(MEASURED_NANOS);
      long last = read(reader);
      long nanos = System.nanoTime() - started;
      if (nanos < leastNanos) {
        leastNanos = nanos;
        best = Math.round((last - first) * 1e6 / nanos);
      }
    }
    return best;
  }

  private static long read(MethodHandle reader) {
    try {
      return (long) reader.invokeExact();
    } catch (Throwable e) {
      throw new LinkageError("rdtsc", e);
    }
  }
}
