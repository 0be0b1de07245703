package org.clinisandbox.job;

import java.util.UUID;

/** What became of a request for a job. */
public sealed interface Acceptance {
  /** A new job, on the disk. */
  record Accepted(UUID job) implements Acceptance {}

  /** The same request came before, and this is its job. */
  record Replayed(UUID job) implements Acceptance {}

  /** The key was used with another body. */
  record KeyReused() implements Acceptance {}

  /** A request with the same key is still under way. */
  record TwinUnderWay() implements Acceptance {}

  /** The negotiation that was to end has moved on: weigh the answer again. */
  record MovedOn() implements Acceptance {}

  /** The callback may not be called; the reason holds no part of its path or query. */
  record CallbackRefused(String reason) implements Acceptance {}
}
