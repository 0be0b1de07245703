package org.clinisandbox.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.clinisandbox.batch.Batching;
import org.clinisandbox.batch.GroupCommit;
import org.clinisandbox.batch.SqlFailures;
import org.clinisandbox.stage.Stage;
import org.clinisandbox.vault.JobVault;
import org.clinisandbox.vault.KeyGone;
import org.clinisandbox.vault.KeyThreads;
import org.clinisandbox.vault.Vault;
import org.clinisandbox.webhook.CallbackGuard;
import org.clinisandbox.webhook.Vetted;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Jobs as a tenant sees them: accepted, looked up, cancelled. A tenant reaches its own alone. */
public final class Jobs implements AutoCloseable {
  private static final String BRIEF =
      "j.id, j.status, j.model_key, j.model_version, j.accepted_at, j.started_at, j.ended_at, j.error";

  /** PostgreSQL's code for a lock that was not had in time. */
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** Bytes of a row that is stored by itself: sharing a commit would gain nothing. */
  private static final int LARGE = 1 << 17;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Vault vault;
  private final CallbackGuard callbacks;
  private final Hints hints;
  private final Deliveries deliveries;
  private final JobRows rows;
  private final GroupCommit<JobRow, Boolean> commits;

  /**
   * @param batching how jobs that come at once share commits
   */
  public Jobs(
      DataSource data,
      TransactionTemplate transaction,
      Vault vault,
      CallbackGuard callbacks,
      Hints hints,
      Deliveries deliveries,
      Batching batching) {
    this.jdbc = JdbcClient.create(data);
    this.transaction = transaction;
    this.vault = vault;
    this.callbacks = callbacks;
    this.hints = hints;
    this.deliveries = deliveries;
    this.rows = new JobRows(data);
    this.commits = new GroupCommit<>(rows, SqlFailures::oneRowMayBeToBlame, batching);
  }

  /** Takes no further jobs, and returns when those that came before are stored. */
  @Override
  public void close() {
    commits.close();
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
   * Makes a job. When this returns {@link Acceptance.Accepted}, the job is on the disk, by a commit
   * that other jobs may share, and so is its key.
   */
  public Acceptance accept(NewJob request) {
    Optional<String> refusal = refusal(request.callback());
    if (refusal.isPresent()) {
      return new Acceptance.CallbackRefused(refusal.get());
    }
    JobVault keys = Stage.KEYS.time(() -> vault.createJob(request.tenant()));
    UUID id = keys.job();
    JobRow row = Stage.SEAL.time(id, () -> KeyThreads.call(() -> JobRow.seal(request, keys)));
    NewJob.Ending ending = request.negotiation();
    Acceptance acceptance;
    try {
      acceptance =
          Stage.COMMIT.time(
              id,
              () ->
                  ending == null
                      ? stored(row)
                      : transaction.execute(status -> end(row, ending, status)));
    } catch (RuntimeException e) {
      if (request.idempotency() == null || !LOCK_NOT_AVAILABLE.equals(SqlFailures.state(e))) {
        if (SqlFailures.nothingIsStored(e)) {
          vault.destroyJob(id);
        }
        throw e;
      }
      acceptance = new Acceptance.TwinUnderWay();
    }
    if (acceptance instanceof Acceptance.Accepted) {
      hints.committed(id);
      if (ending != null) {
        vault.destroyJob(ending.id());
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

  private Acceptance stored(JobRow row) {
    return acceptance(row, row.size() < LARGE ? commits.commit(row) : rows.alone(row));
  }

  private Acceptance acceptance(JobRow row, boolean stored) {
    if (stored) {
      return new Acceptance.Accepted(row.id());
    }
    IdempotencyKey key = Objects.requireNonNull(row.idempotency());
    return replayOf(row.tenant(), key).orElseGet(Acceptance.TwinUnderWay::new);
  }

  /** The job and the negotiation that it ends, both or neither. */
  private Acceptance end(JobRow row, NewJob.Ending negotiation, TransactionStatus status) {
    Acceptance acceptance = acceptance(row, rows.alone(row));
    if (acceptance instanceof Acceptance.Accepted
        && !Negotiations.end(jdbc, negotiation, row.id())) {
      status.setRollbackOnly();
      return new Acceptance.MovedOn();
    }
    return acceptance;
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
              and (:status::job_status is null or j.status = :status::job_status)
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
