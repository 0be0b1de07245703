package org.clinisandbox.sandbox;

import java.time.Duration;

/**
 * What came out of a sandbox. stderr is PHI: it is capped here and encrypted by whoever keeps it.
 */
public sealed interface Answer {
  byte[] stderr();

  Duration runTime();

  /** The model wrote one line of UTF-8 and ended well. What the line says is not checked yet. */
  record Replied(byte[] line, byte[] stderr, Duration runTime) implements Answer {}

  /** The model gave no usable line. */
  record Failed(Failure failure, byte[] stderr, Duration runTime) implements Answer {}

  /** Why a model gave no usable line. */
  enum Failure {
    /** It trapped, exited non-zero or ended without a reply. */
    CRASHED,
    /** It was still running at its limit. */
    TIMEOUT,
    /** It was refused memory beyond its limit and then crashed or never ended. */
    OUT_OF_MEMORY,
    /**
     * It wrote more than its limit, more than one line, bytes before the request or after its
     * reply, a line without an end, or bytes that are not UTF-8.
     */
    BAD_OUTPUT,
    /** The platform closed the sandbox, or interrupted the caller, before the model had ended. */
    CANCELLED
  }
}
