package org.clinisandbox.webhook;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What a receiver is told. The body is made when it is sent and never stored. */
public sealed interface WebhookMessage {
  Instant timestamp();

  /** The message as JSON in UTF-8; the same message always gives the same bytes. */
  byte[] body();

  /** How a job ended: the message's type and the job's status, which belong together. */
  enum End {
    COMPLETED("diagnosis.completed", "succeeded"),
    FAILED("diagnosis.failed", "failed"),
    CANCELLED("diagnosis.cancelled", "cancelled");

    private final String type;
    private final String status;

    End(String type, String status) {
      this.type = type;
      this.status = status;
    }
  }

  /**
   * The part of a result that names nobody.
   *
   * @param probability from 0 to 1
   */
  record Result(
      @Nullable String outcome, @Nullable BigDecimal score, @Nullable BigDecimal probability) {}

  /**
   * A job has ended.
   *
   * @param statusUrl where the job is read in full
   * @param result null when the job has none, and for tenants set to thin
   * @param mock true when no model was run
   */
  record Diagnosis(
      End end,
      Instant timestamp,
      UUID jobId,
      @Nullable String clientReference,
      String statusUrl,
      @Nullable Result result,
      boolean mock)
      implements WebhookMessage {

    @Override
    public byte[] body() {
      ObjectNode message = Json.message(end.type, timestamp);
      ObjectNode data = message.putObject("data");
      data.put("job_id", jobId.toString()).put("status", end.status);
      if (clientReference != null) {
        data.put("client_reference", clientReference);
      }
      data.put("status_url", statusUrl);
      if (result != null) {
        ObjectNode part = data.putObject("result");
        part.put("outcome", result.outcome());
        part.put("score", result.score());
        part.put("probability", result.probability());
      }
      if (mock) {
        data.put("mock", true);
      }
      return Json.MAPPER.writeValueAsBytes(message);
    }

    /** Without the result and the client's reference. */
    @Override
    public String toString() {
      return "Diagnosis[" + end + ", " + jobId + "]";
    }
  }

  /** Tries an endpoint; says nothing about any job. */
  record Test(Instant timestamp) implements WebhookMessage {
    @Override
    public byte[] body() {
      ObjectNode message = Json.message("webhook.test", timestamp);
      message.putObject("data");
      return Json.MAPPER.writeValueAsBytes(message);
    }
  }
}
