package org.clinisandbox.sandbox;

import java.time.Duration;
import java.time.Instant;

/**
 * How many sandboxes of one model to keep warm: one, and as many as patients come while the next
 * one starts (Little's law), by a rate that forgets with time. Not for several threads.
 */
final class Demand {
  private static final double MEMORY_SECONDS = 10;

  private double perSecond;
  private Instant last;
  private double startSeconds;

  Demand(Instant now) {
    this.last = now;
  }

  /** A patient came. */
  void asked(Instant now) {
    perSecond = rate(now) + 1 / MEMORY_SECONDS;
    last = now;
  }

  /** A sandbox took so long to get ready. */
  void started(Duration readyTime) {
    startSeconds = readyTime.toNanos() / 1e9;
  }

  /** When a patient came last; before the first, when this began. */
  Instant last() {
    return last;
  }

  int target(int most, Instant now) {
    return (int) Math.min(most, 1 + Math.ceil(rate(now) * startSeconds));
  }

  private double rate(Instant now) {
    double idle = Math.max(0, Duration.between(last, now).toNanos() / 1e9);
    double rate = perSecond * Math.exp(-idle / MEMORY_SECONDS);
    return rate < 0.5 / MEMORY_SECONDS ? 0 : rate;
  }
}
