package org.clinisandbox.sandbox.contract;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Assumptions;

/** What a machine lacks makes a test skip for people, and fail in CI. */
public final class Requires {
  private Requires() {}

  /** Goes on only if this holds. */
  public static void that(boolean holds, String lacking) {
    if (!holds && "true".equals(System.getenv("CI"))) {
      fail("This machine lacks what CI must have: " + lacking);
    }
    Assumptions.assumeTrue(holds, lacking);
  }
}
