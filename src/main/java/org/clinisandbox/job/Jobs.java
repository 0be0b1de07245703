package org.clinisandbox.job;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.clinisandbox.vault.Column;
import org.clinisandbox.vault.JobVault;
import org.clinisandbox.vault.KeyGone;
import org.clinisandbox.vault.Vault;
import org.clinisandbox.webhook.CallbackGuard;
import org.clinisandbox.webhook.Vetted;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Jobs as a tenant sees them: accepted, looked up, cancelled. A tenant reaches its own alone. */
public final class Jobs {
  private static final String BRIEF =
      "j.id, j.status, j.model_key, j.model_version, j.accepted_at, j.started_at, j.ended_at, j.error";

  /** PostgreSQL's code for a lock that was not had in time. */
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Vault vault;
  private final CallbackGuard callbacks;
  private final Outbox outbox;
  private final Deliveries deliveries;

  public Jobs(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      Vault vault,
      CallbackGuard callbacks,
      Outbox outbox,
      Deliveries deliveries) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.vault = vault;
    this.callbacks = callbacks;
    this.outbox = outbox;
    this.deliveries = deliveries;
  }

  /**
   * The job that the same request made before, if it did.
   *
   * @return empty when the key is new or older than a day
   */
  public Optional<Acceptance> replayOf(String tenant, IdempotencyKey key) {
    return jdbc.sql(
            """
            select job_id, body from idempotency_keys
            where tenant = ? and route = ? and key = ? and created_at > now() - interval '24 hours'
            """)
        .params(tenant, key.route(), key.key())
        .query(
            (row, n) ->
                Arrays.equals(row.getBytes("body"), key.body())
                    ? new Acceptance.Replayed(row.getObject("job_id", UUID.class))
                    : (Acceptance) new Acceptance.KeyReused())
        .optional();
  }

  /**
   * Makes a job. When this returns {@link Acceptance.Accepted}, the job and its word to the queue
   * are on the disk, in one commit; its key was there before.
   */
  public Acceptance accept(NewJob request) {
    Optional<String> refusal = refusal(request.callback());
    if (refusal.isPresent()) {
      return new Acceptance.CallbackRefused(refusal.get());
    }
    UUID id = UUID.randomUUID();
    JobVault keys = vault.createJob(request.tenant(), id);
    Acceptance acceptance;
    try {
      acceptance = transaction.execute(status -> insert(id, request, keys, status));
    } catch (DataAccessException e) {
      if (!(e.getMostSpecificCause() instanceof SQLException sql)
          || !LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
        throw e;
      }
      acceptance = new Acceptance.TwinUnderWay();
    }
    if (acceptance instanceof Acceptance.Accepted) {
      outbox.wake();
      if (request.negotiation() != null) {
        vault.destroyJob(request.negotiation().id());
      }
    } else {
      vault.destroyJob(id);
    }
    return acceptance;
  }

  /**
   * Why a callback may not be called.
   *
   * @param callback null for none
   * @return empty when it may
   */
  public Optional<String> refusal(@Nullable String callback) {
    if (callback == null) {
      return Optional.empty();
    }
    return switch (callbacks.vet(callback)) {
      case Vetted.Allowed allowed -> Optional.empty();
      case Vetted.Refused(String reason) -> Optional.of(reason);
      case Vetted.Unresolved(String reason) -> Optional.of(reason);
    };
  }

  private Acceptance insert(UUID id, NewJob request, JobVault keys, TransactionStatus status) {
    IdempotencyKey key = request.idempotency();
    if (key == null) {
      return insertRow(id, request, keys, status);
    }
    // A twin's insert waits here until this transaction ends, and then sees its row.
    jdbc.sql("set local lock_timeout = '10s'").update();
    int bound =
        jdbc.sql(
                """
                insert into idempotency_keys (tenant, route, key, body, job_id)
                values (?, ?, ?, ?, ?)
                on conflict (tenant, route, key) do update
                  set body = excluded.body, job_id = excluded.job_id, created_at = now()
                  where idempotency_keys.created_at <= now() - interval '24 hours'
                """)
            .params(request.tenant(), key.route(), key.key(), key.body(), id)
            .update();
    if (bound == 0) {
      return replayOf(request.tenant(), key).orElseGet(Acceptance.TwinUnderWay::new);
    }
    return insertRow(id, request, keys, status);
  }

  private Acceptance insertRow(UUID id, NewJob request, JobVault keys, TransactionStatus status) {
    jdbc.sql(
            """
            with job as (
              insert into jobs (id, tenant, model_id, model_key, model_version,
                                bundle, inputs, callback, client_reference)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id)
            insert into outbox (job_id) select id from job
            """)
        .params(
            id,
            request.tenant(),
            request.modelId(),
            request.modelKey(),
            request.modelVersion(),
            keys.seal(Column.BUNDLE, request.bundle()),
            keys.seal(Column.INPUTS, request.inputs()))
        .param(seal(keys, Column.CALLBACK, request.callback()))
        .param(seal(keys, Column.CLIENT_REFERENCE, request.clientReference()))
        .update();
    if (request.negotiation() != null && !Negotiations.end(jdbc, request.negotiation(), id)) {
      status.setRollbackOnly();
      return new Acceptance.MovedOn();
    }
    return new Acceptance.Accepted(id);
  }

  private static byte @Nullable [] seal(JobVault keys, Column column, @Nullable String text) {
    return text == null ? null : keys.seal(column, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The tenant's job; another tenant's is as absent as one that never was. */
  public Optional<JobView> find(String tenant, UUID id) {
    Optional<Found> found =
        jdbc.sql(
                "select "
                    + BRIEF
                    + ", "
                    + Rows.SEALED
                    + " from jobs j where j.tenant = ? and j.id = ?")
            .params(tenant, id)
            .query((row, n) -> new Found(brief(row), Rows.Sealed.of(row)))
            .optional();
    return found.map(job -> job.brief().with(open(tenant, id, job.sealed()), deliveries.of(id)));
  }

  private record Found(JobView brief, Rows.Sealed sealed) {}

  /** Where the tenant's job stands, without opening anything. */
  public Optional<JobStatus> status(String tenant, UUID id) {
    return jdbc.sql("select status from jobs where tenant = ? and id = ?")
        .params(tenant, id)
        .query(String.class)
        .optional()
        .map(JobStatus::of);
  }

  /**
   * The tenant's jobs, newest first, nothing of them opened.
   *
   * @param after the last job of the page before; null for the first page
   */
  public List<JobView> list(
      String tenant,
      @Nullable JobStatus status,
      @Nullable String modelKey,
      int limit,
      @Nullable UUID after) {
    return jdbc.sql(
            "select "
                + BRIEF
                + """
             from jobs j where j.tenant = :tenant
              and (:status::text is null or j.status = :status)
              and (:key::text is null or j.model_key = :key)
              and (:after::uuid is null or (j.accepted_at, j.id) <
                   (select a.accepted_at, a.id from jobs a where a.id = :after and a.tenant = :tenant))
            order by j.accepted_at desc, j.id desc limit :limit
            """)
        .param("tenant", tenant)
        .param("status", status == null ? null : status.label())
        .param("key", modelKey)
        .param("after", after)
        .param("limit", limit)
        .query((row, n) -> brief(row))
        .list();
  }

  /** What a cancellation came to. */
  public enum Cancellation {
    CANCELLED,
    ALREADY_FINISHED,
    NO_SUCH_JOB
  }

  /** Ends a job that has not ended; a running model's answer is then fenced off. Twice is once. */
  public Cancellation cancel(String tenant, UUID id) {
    return transaction.execute(
        status -> {
          Optional<JobStatus> before =
              jdbc.sql("select status from jobs where tenant = ? and id = ? for update")
                  .params(tenant, id)
                  .query(String.class)
                  .optional()
                  .map(JobStatus::of);
          if (before.isEmpty()) {
            return Cancellation.NO_SUCH_JOB;
          }
          return switch (before.get()) {
            case CANCELLED -> Cancellation.CANCELLED;
            case SUCCEEDED, FAILED -> Cancellation.ALREADY_FINISHED;
            case QUEUED, RUNNING -> {
              jdbc.sql(
                      """
                      update jobs set status = 'cancelled', ended_at = now(), lease_until = null,
                        fence = fence + 1 where id = ?
                      """)
                  .param(id)
                  .update();
              deliveries.announce(id);
              yield Cancellation.CANCELLED;
            }
          };
        });
  }

  private static JobView brief(ResultSet row) throws SQLException {
    String error = row.getString("error");
    return new JobView(
        row.getObject("id", UUID.class),
        JobStatus.of(row.getString("status")),
        row.getString("model_key"),
        row.getString("model_version"),
        Rows.required(row, "accepted_at"),
        Rows.instant(row, "started_at"),
        Rows.instant(row, "ended_at"),
        error == null ? null : JobError.valueOf(error),
        null,
        null,
        null,
        List.of());
  }

  private Rows.Opened open(String tenant, UUID id, Rows.Sealed sealed) {
    try {
      return sealed.open(vault.openJob(tenant, id));
    } catch (KeyGone e) {
      return Rows.Opened.NOT;
    }
  }
}
