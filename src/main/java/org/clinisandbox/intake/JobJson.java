package org.clinisandbox.intake;

import java.time.Instant;
import java.util.List;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.job.JobError;
import org.clinisandbox.job.JobView;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Jobs as JSON. */
final class JobJson {
  private JobJson() {}

  /** A job in a list: where it stands. */
  static ObjectNode brief(JobView job) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("job_id", job.id().toString());
    json.put("status", job.status().label());
    json.putObject("model").put("key", job.modelKey()).put("version", job.modelVersion());
    json.put("accepted_at", job.acceptedAt().toString());
    put(json, "started_at", job.startedAt());
    put(json, "ended_at", job.endedAt());
    JobError error = job.error();
    if (error != null) {
      json.putObject("error")
          .put("code", error.name())
          .put("blame", error.blame().label())
          .put("detail", error.detail());
    }
    return json;
  }

  /** All of a job: what its worker recorded, its inputs and its webhooks. */
  static ObjectNode whole(JobView job) {
    ObjectNode json = brief(job);
    if (job.clientReference() != null) {
      json.put("client_reference", job.clientReference());
    }
    if (job.outcome() != null) {
      json.setAll(job.outcome());
    }
    JsonNode inputs = job.inputs();
    if (inputs != null) {
      json.set("inputs", inputs);
    }
    json.set("deliveries", deliveries(job.deliveries()));
    return json;
  }

  private static JsonNode deliveries(List<JobView.DeliveryView> deliveries) {
    var array = Json.MAPPER.createArrayNode();
    for (JobView.DeliveryView delivery : deliveries) {
      ObjectNode json = array.addObject();
      json.put("id", delivery.id().toString());
      json.put("type", delivery.type());
      json.put("status", delivery.status());
      json.put("attempts", delivery.attempts());
      json.put("response_status", delivery.responseStatus());
      json.put("detail", delivery.detail());
      put(json, "next_attempt_at", delivery.nextAttemptAt());
    }
    return array;
  }

  private static void put(ObjectNode json, String name, @Nullable Instant time) {
    if (time != null) {
      json.put(name, time.toString());
    }
  }
}
