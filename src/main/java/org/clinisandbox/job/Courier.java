package org.clinisandbox.job;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.clinisandbox.stage.Stage;
import org.clinisandbox.tenant.Tenants;
import org.clinisandbox.vault.Column;
import org.clinisandbox.vault.JobVault;
import org.clinisandbox.vault.KeyGone;
import org.clinisandbox.vault.Vault;
import org.clinisandbox.webhook.RetrySchedule;
import org.clinisandbox.webhook.SendResult;
import org.clinisandbox.webhook.WebhookMessage;
import org.clinisandbox.webhook.WebhookSecret;
import org.clinisandbox.webhook.WebhookSender;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes one attempt to send a webhook and settles when the next one is. The message is put together
 * from the sealed job each time and is never stored.
 */
public final class Courier {
  private final JdbcClient jdbc;
  private final Vault vault;
  private final Tenants tenants;
  private final WebhookSender sender;
  private final RandomGenerator random;
  private final String publicUrl;
  private final Clock clock;

  /**
   * @param publicUrl where callers reach this server; the message links to the job below it
   */
  public Courier(
      JdbcClient jdbc,
      Vault vault,
      Tenants tenants,
      WebhookSender sender,
      RandomGenerator random,
      String publicUrl,
      Clock clock) {
    this.jdbc = jdbc;
    this.vault = vault;
    this.tenants = tenants;
    this.sender = sender;
    this.random = random;
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  /** The timed task; an attempt whose process died is made again. */
  public CustomTask<Void> task() {
    return Tasks.custom(Deliveries.TASK).execute(this::attempt);
  }

  private record Letter(
      UUID delivery,
      int attempts,
      String callback,
      WebhookMessage.Diagnosis message,
      WebhookSecret secret) {}

  private CompletionHandler<Void> attempt(TaskInstance<Void> instance, ExecutionContext context) {
    Optional<Letter> found = letter(UUID.fromString(instance.getId()));
    if (found.isEmpty()) {
      abandon(UUID.fromString(instance.getId()));
      return new CompletionHandler.OnCompleteRemove<>();
    }
    Letter letter = found.get();
    SendResult result;
    try {
      result =
          Stage.WEBHOOK.time(
              letter.message().jobId(),
              () ->
                  sender.send(
                      letter.callback(),
                      "msg_" + letter.delivery(),
                      letter.message().body(),
                      List.of(letter.secret())));
    } catch (InterruptedException e) {
      // This process is stopping: another one, or the next, makes the attempt again.
      Thread.currentThread().interrupt();
      return at(clock.instant());
    }
    return switch (result) {
      case SendResult.Delivered delivered -> settle(letter, delivered.status(), null, null);
      case SendResult.EndpointGone gone ->
          settle(letter, 410, "The receiver said that it is gone.", null);
      case SendResult.Refused refused -> settle(letter, null, refused.why(), null);
      case SendResult.Rejected rejected ->
          settle(
              letter,
              rejected.status(),
              "The receiver answered " + rejected.status() + ".",
              next(letter, rejected.retryAfter()));
      case SendResult.Unreachable unreachable ->
          settle(letter, null, unreachable.why(), next(letter, null));
    };
  }

  /** There is nothing left to send: the job was erased. */
  private void abandon(UUID delivery) {
    jdbc.sql(
            """
            update deliveries set status = 'failed', detail = 'The job was erased.',
              next_attempt_at = null, ended_at = now()
            where id = ? and status = 'pending'
            """)
        .param(delivery)
        .update();
  }

  private @Nullable Instant next(Letter letter, @Nullable Duration retryAfter) {
    return RetrySchedule.next(letter.attempts() + 1, retryAfter, random)
        .map(delay -> clock.instant().plus(delay))
        .orElse(null);
  }

  /** Records an attempt; without a next one, a complaint means that the delivery failed. */
  private CompletionHandler<Void> settle(
      Letter letter, @Nullable Integer status, @Nullable String complaint, @Nullable Instant next) {
    String state = complaint == null ? "delivered" : next == null ? "failed" : "pending";
    jdbc.sql(
            """
            update deliveries set status = :state, attempts = attempts + 1,
              response_status = :response, detail = :detail, next_attempt_at = :next,
              ended_at = case when :state = 'pending' then null else now() end
            where id = :id
            """)
        .param("state", state)
        .param("response", status)
        .param("detail", complaint)
        .param("next", next == null ? null : Timestamp.from(next))
        .param("id", letter.delivery())
        .update();
    return next == null ? new CompletionHandler.OnCompleteRemove<>() : at(next);
  }

  private static CompletionHandler<Void> at(Instant next) {
    return (complete, operations) -> operations.reschedule(complete, next);
  }

  /** A delivery's row and its job's, nothing opened. */
  private record Row(
      int attempts,
      UUID job,
      String tenant,
      JobStatus status,
      Instant endedAt,
      byte[] callback,
      Rows.Sealed sealed) {}

  private Optional<Letter> letter(UUID delivery) {
    Optional<Row> found =
        jdbc.sql(
                "select d.attempts, j.id, j.tenant, j.status, j.ended_at, j.callback, "
                    + Rows.SEALED
                    + """
                     from deliveries d join jobs j on j.id = d.job_id
                    where d.id = ? and d.status = 'pending'
                    """)
            .param(delivery)
            .query(
                (row, n) ->
                    new Row(
                        row.getInt("attempts"),
                        row.getObject("id", UUID.class),
                        row.getString("tenant"),
                        JobStatus.of(row.getString("status")),
                        Rows.required(row, "ended_at"),
                        row.getBytes("callback"),
                        Rows.Sealed.of(row)))
            .optional();
    return found.flatMap(row -> letter(delivery, row));
  }

  private Optional<Letter> letter(UUID delivery, Row row) {
    Optional<String> secret = tenants.webhookSecret(row.tenant());
    JobVault keys;
    try {
      keys = vault.openJob(row.tenant(), row.job());
    } catch (KeyGone e) {
      return Optional.empty();
    }
    Rows.Opened opened = row.sealed().open(keys);
    ObjectNode outcome = opened.outcome();
    WebhookMessage.Diagnosis message =
        new WebhookMessage.Diagnosis(
            end(row.status()),
            row.endedAt(),
            row.job(),
            opened.clientReference(),
            publicUrl + "/v1/jobs/" + row.job(),
            outcome == null ? null : result(outcome.path("result")),
            outcome != null && outcome.path("mock").asBoolean(false));
    String callback =
        new String(keys.open(Column.CALLBACK, row.callback()), StandardCharsets.UTF_8);
    return secret.map(
        s -> new Letter(delivery, row.attempts(), callback, message, WebhookSecret.parse(s)));
  }

  private static WebhookMessage.Result result(JsonNode result) {
    return new WebhookMessage.Result(
        result.path("outcome").asString(null),
        number(result.path("score")),
        number(result.path("probability")));
  }

  private static @Nullable BigDecimal number(JsonNode node) {
    return node.isNumber() ? node.decimalValue() : null;
  }

  private static WebhookMessage.End end(JobStatus status) {
    return switch (status) {
      case SUCCEEDED -> WebhookMessage.End.COMPLETED;
      case FAILED -> WebhookMessage.End.FAILED;
      case CANCELLED -> WebhookMessage.End.CANCELLED;
      case QUEUED, RUNNING -> throw new IllegalStateException("the job has not ended");
    };
  }
}
