package org.clinisandbox.sandbox.host;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for the system to let go of what was ended, which an interruption must not cut short. */
final class Patience {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final long FIRST_PAUSE_NANOS = 200_000;
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;

  private Patience() {}

  /** Whether it came true in time. */
  static boolean until(BooleanSupplier condition) {
    return until(condition, LONGEST);
  }

  /** Whether it came true in this time. */
  static boolean until(BooleanSupplier condition, Duration longest) {
    boolean interrupted = Thread.interrupted();
    try {
      long deadline = System.nanoTime() + longest.toNanos();
      long pause = FIRST_PAUSE_NANOS;
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        LockSupport.parkNanos(pause);
        interrupted |= Thread.interrupted();
        pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
