package org.clinisandbox.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When to try again: nine retries over a little more than three days. Each delay is lengthened by
 * up to a tenth at random, so that messages that failed together don't return together.
 */
public final class RetrySchedule {
  private static final List<Duration> DELAYS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(24));

  private static final double JITTER = 0.1;
  private static final Duration LONGEST_WISH = Duration.ofHours(24);

  private RetrySchedule() {}

  /**
   * The delay before the next attempt; empty when there is none left.
   *
   * @param failed attempts so far, from 1
   * @param retryAfter the receiver's wish: a floor, honoured up to 24 h
   */
  public static Optional<Duration> next(
      int failed, @Nullable Duration retryAfter, RandomGenerator random) {
    if (failed < 1) {
      throw new IllegalArgumentException("failed must be at least 1, not " + failed);
    }
    if (failed > DELAYS.size()) {
      return Optional.empty();
    }
    long millis = DELAYS.get(failed - 1).toMillis();
    Duration delay = Duration.ofMillis(millis + (long) (millis * JITTER * random.nextDouble()));
    if (retryAfter == null) {
      return Optional.of(delay);
    }
    Duration wish = retryAfter.compareTo(LONGEST_WISH) < 0 ? retryAfter : LONGEST_WISH;
    return Optional.of(wish.compareTo(delay) > 0 ? wish : delay);
  }
}
