package org.clinisandbox.job;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job as its own tenant may see it.
 *
 * @param modelDigest null until a worker pinned it, and for the mock
 * @param inputs null when they were erased
 * @param outcome what the worker recorded: result, fhir, sandbox and so on; null until then
 */
public record JobView(
    UUID id,
    JobStatus status,
    String modelKey,
    String modelVersion,
    @Nullable String modelDigest,
    Instant acceptedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable JobError error,
    @Nullable String clientReference,
    @Nullable JsonNode inputs,
    @Nullable ObjectNode outcome,
    List<DeliveryView> deliveries) {

  public JobView {
    deliveries = List.copyOf(deliveries);
  }

  /** One webhook message and how far it got. */
  public record DeliveryView(
      UUID id,
      String type,
      String status,
      int attempts,
      @Nullable Integer responseStatus,
      @Nullable String detail,
      @Nullable Instant nextAttemptAt) {}
}
