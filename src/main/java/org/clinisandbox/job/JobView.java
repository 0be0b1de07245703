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
 * @param inputs null when they were erased
 * @param outcome what the worker recorded: result, fhir, sandbox and so on; null until then
 */
public record JobView(
    UUID id,
    JobStatus status,
    String modelKey,
    String modelVersion,
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

  JobView with(Rows.Opened opened, List<DeliveryView> sent) {
    return new JobView(
        id,
        status,
        modelKey,
        modelVersion,
        acceptedAt,
        startedAt,
        endedAt,
        error,
        opened.clientReference(),
        opened.inputs(),
        opened.outcome(),
        sent);
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
