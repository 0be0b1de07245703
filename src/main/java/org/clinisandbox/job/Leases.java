package org.clinisandbox.job;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.vault.Column;
import org.clinisandbox.vault.JobVault;
import org.clinisandbox.vault.KeyGone;
import org.clinisandbox.vault.Vault;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Jobs as a worker sees them: leased, extended, ended. Time is the database's alone, so workers'
 * clocks do not matter; every write carries the lease's fencing number, and a lease that was given
 * to somebody else in the meantime writes nothing.
 */
public final class Leases {
  /** How long a lease lasts unless it is extended. */
  public static final Duration DURATION = Duration.ofSeconds(30);

  /** A job begun this often without an end brings its workers down; it is not begun again. */
  private static final int MOST_ATTEMPTS = 5;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Vault vault;
  private final Deliveries deliveries;

  public Leases(
      JdbcClient jdbc, TransactionTemplate transaction, Vault vault, Deliveries deliveries) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.vault = vault;
    this.deliveries = deliveries;
  }

  /** The lease of this job, if it is waiting or its holder's lease ran out. */
  public Optional<Lease> lease(UUID job, String worker) {
    Optional<Lease> lease =
        jdbc.sql(
                """
                update jobs set status = 'running', fence = fence + 1, attempts = attempts + 1,
                  worker = :worker, lease_until = now() + make_interval(secs => :seconds),
                  started_at = coalesce(started_at, now()), published_at = null
                where id = :job and (status = 'queued' and not_before <= now()
                                     or status = 'running' and lease_until < now())
                returning id, tenant, model_id, model_key, model_version, fence, attempts
                """)
            .param("worker", worker)
            .param("seconds", DURATION.toSeconds())
            .param("job", job)
            .query(
                (row, n) ->
                    new Lease(
                        job,
                        row.getString("tenant"),
                        row.getObject("model_id", UUID.class),
                        row.getString("model_key"),
                        row.getString("model_version"),
                        row.getLong("fence"),
                        row.getInt("attempts")))
            .optional();
    if (lease.isPresent() && lease.get().attempt() > MOST_ATTEMPTS) {
      fail(lease.get(), JobError.PLATFORM, new byte[0]);
      return Optional.empty();
    }
    return lease;
  }

  /** Jobs that could be leased now, oldest first: the way to find work without Redis. */
  public List<UUID> waiting(int most) {
    return jdbc.sql(
            """
            select id from jobs
            where status = 'queued' and not_before <= now()
               or status = 'running' and lease_until < now()
            order by not_before limit ?
            """)
        .param(most)
        .query((row, n) -> row.getObject(1, UUID.class))
        .list();
  }

  /**
   * The inputs of a leased job, as the JSON array that was sealed when it was accepted.
   *
   * @throws KeyGone when the patient was erased
   */
  public JsonNode inputs(Lease lease) throws KeyGone {
    JobVault keys = vault.openJob(lease.tenant(), lease.job());
    byte[] sealed =
        jdbc.sql("select inputs from jobs where id = ?")
            .param(lease.job())
            .query(byte[].class)
            .single();
    return Json.MAPPER.readTree(keys.open(Column.INPUTS, sealed));
  }

  /** A keyed digest of the inputs, under a key kept with the job. */
  public byte[] inputDigest(Lease lease, JsonNode inputs) throws KeyGone {
    return vault.openJob(lease.tenant(), lease.job()).mac(Json.MAPPER.writeValueAsBytes(inputs));
  }

  /** Makes a lease last; false when it is no longer this worker's. */
  public boolean extend(Lease lease) {
    return jdbc.sql(
                """
                update jobs set lease_until = now() + make_interval(secs => ?)
                where id = ? and fence = ? and status = 'running'
                """)
            .params(DURATION.toSeconds(), lease.job(), lease.fence())
            .update()
        == 1;
  }

  /**
   * Ends a job well, and has its webhook sent.
   *
   * @return false when the lease is no longer this worker's; nothing was written then
   */
  public boolean succeed(Lease lease, JsonNode outcome, byte[] stderr) throws KeyGone {
    JobVault keys = vault.openJob(lease.tenant(), lease.job());
    byte[] result = keys.seal(Column.RESULT, Json.MAPPER.writeValueAsBytes(outcome));
    return end(
        lease,
        jdbc.sql(
                """
                update jobs set status = 'succeeded', ended_at = now(), lease_until = null,
                  result = ?, stderr = ?
                where id = ? and fence = ? and status = 'running'
                """)
            .params(result, keys.seal(Column.STDERR, stderr), lease.job(), lease.fence()));
  }

  /**
   * Ends a job badly, and has its webhook sent.
   *
   * @return false when the lease is no longer this worker's; nothing was written then
   */
  public boolean fail(Lease lease, JobError error, byte[] stderr) {
    return end(
        lease,
        jdbc.sql(
                """
                update jobs set status = 'failed', ended_at = now(), lease_until = null,
                  error = ?, stderr = ?
                where id = ? and fence = ? and status = 'running'
                """)
            .params(error.name(), sealIfPossible(lease, stderr), lease.job(), lease.fence()));
  }

  private byte[] sealIfPossible(Lease lease, byte[] stderr) {
    try {
      return vault.openJob(lease.tenant(), lease.job()).seal(Column.STDERR, stderr);
    } catch (KeyGone e) {
      return new byte[0];
    }
  }

  private boolean end(Lease lease, JdbcClient.StatementSpec update) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              if (update.update() == 0) {
                return false;
              }
              deliveries.announce(lease.job());
              return true;
            }));
  }

  /** Gives a job back that did not get its chance: this process is ending. */
  public boolean handBack(Lease lease) {
    return jdbc.sql(
                """
                update jobs set status = 'queued', lease_until = null, published_at = null,
                  attempts = attempts - 1
                where id = ? and fence = ? and status = 'running'
                """)
            .params(lease.job(), lease.fence())
            .update()
        == 1;
  }

  /** Gives a job back, to be begun again no sooner than after the delay. */
  public boolean giveBack(Lease lease, Duration delay) {
    return jdbc.sql(
                """
                update jobs set status = 'queued', lease_until = null, published_at = null,
                  not_before = now() + make_interval(secs => ?)
                where id = ? and fence = ? and status = 'running'
                """)
            .params(delay.toMillis() / 1000.0, lease.job(), lease.fence())
            .update()
        == 1;
  }
}
