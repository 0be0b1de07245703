package org.clinisandbox.sandbox;

import java.time.Duration;

/**
 * What came out of a sandbox. stderr is PHI: it is capped here and encrypted by whoever keeps it.
 */
public sealed interface Answer {
  byte[] stderr();

  Duration runTime();

  /** The model wrote one line and ended well. The line is not checked yet. */
  record Replied(byte[] line, byte[] stderr, Duration runTime) implements Answer {}

  /** The model gave no usable line. */
  record Failed(Failure failure, byte[] stderr, Duration runTime) implements Answer {}

  /** Why a model gave no usable line. */
  enum Failure {
    /** It trapped, exited non-zero or ended without a reply. */
    CRASHED,
    /** It was still running at its limit. */
    TIMEOUT,
    /** It asked for more memory than its limit. */
    OUT_OF_MEMORY,
    /** It wrote more than its limit, more than one line, or bytes after its reply. */
    BAD_OUTPUT
  }
}
