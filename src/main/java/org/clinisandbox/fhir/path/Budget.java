package org.clinisandbox.fhir.path;

import java.time.Duration;

/**
 * How much one evaluation may take.
 *
 * @param steps parts evaluated, items produced, 16 UTF-16 units of text read or made: each is one
 *     step. So this bounds memory too.
 * @param items in one collection
 * @param textLength UTF-16 units of one text that the expression makes
 * @param time by the wall clock, looked at every 256 steps
 */
public record Budget(int steps, int items, int textLength, Duration time) {
  /** 1 million steps, 100 000 items, 65 536 characters, 250 ms. */
  public static final Budget DEFAULT =
      new Budget(1_000_000, 100_000, 65_536, Duration.ofMillis(250));

  public Budget {
    if (steps < 1 || items < 1 || textLength < 1 || !time.isPositive()) {
      throw new IllegalArgumentException("Every part of a budget must be positive");
    }
  }
}
