package org.clinisandbox.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.clinisandbox.vault.Column;
import org.clinisandbox.vault.JobVault;
import org.clinisandbox.vault.KeyGone;
import org.clinisandbox.vault.Vault;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Negotiations that wait for answers: sealed under keys of their own, for a day, at most so many
 * for each tenant. What is written here is not waited for: a client whose negotiation is gone sends
 * its bundle again.
 */
public final class Negotiations {
  /** How long one waits for answers. */
  public static final Duration LIFETIME = Duration.ofHours(24);

  private static final String ALIVE = "created_at > now() - interval '24 hours'";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Vault vault;
  private final int quota;

  /**
   * @param quota how many of one tenant may wait at a time, at least 1; a further one ends the
   *     oldest
   */
  public Negotiations(JdbcClient jdbc, TransactionTemplate transaction, Vault vault, int quota) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.vault = vault;
    this.quota = quota;
  }

  /** Where a negotiation stands. */
  public sealed interface Found {
    /**
     * It waits.
     *
     * @param turn how many answers were taken
     * @param state what {@link #begin} or {@link #advance} was given last
     */
    record Waiting(UUID id, UUID model, int turn, Instant createdAt, byte[] state)
        implements Found {
      public Instant expiresAt() {
        return createdAt.plus(LIFETIME);
      }
    }

    /** It came to a job. */
    record Ended(UUID job) implements Found {}

    /** It expired, or had to make room. */
    record Gone() implements Found {}
  }

  /**
   * Begins one.
   *
   * @param state PHI, until sealed
   */
  public Found.Waiting begin(String tenant, UUID model, byte[] state) {
    JobVault keys = vault.createJob(tenant);
    UUID id = keys.job();
    byte[] sealed = keys.seal(Column.NEGOTIATION, state);
    Begun begun =
        transaction.execute(
            status -> {
              doNotWaitForTheDisk();
              Instant createdAt =
                  jdbc.sql(
                          """
                          insert into negotiations (id, tenant, model_id, state)
                          values (?, ?, ?, ?) returning created_at
                          """)
                      .params(id, tenant, model, sealed)
                      .query((row, n) -> Rows.required(row, "created_at"))
                      .single();
              List<UUID> ended =
                  jdbc.sql(
                          """
                      with crowd as (
                        select id from negotiations where tenant = ? and state is not null
                        order by created_at desc, id desc offset ?)
                      update negotiations n set state = null from crowd
                      where n.id = crowd.id returning n.id
                      """)
                      .params(tenant, quota)
                      .query((row, n) -> id(row))
                      .list();
              return new Begun(createdAt, ended);
            });
    begun.ended().forEach(vault::destroyJob);
    return new Found.Waiting(id, model, 0, begun.at(), state);
  }

  /** When one was begun, by the database's clock, and which ones made room for it. */
  private record Begun(Instant at, List<UUID> ended) {}

  /** The tenant's negotiation; another tenant's is as absent as one that never was. */
  public Optional<Found> find(String tenant, UUID id) {
    Optional<Row> found =
        jdbc.sql(
                "select model_id, turn, created_at, job_id, case when "
                    + ALIVE
                    + " then state end as state from negotiations where tenant = ? and id = ?")
            .params(tenant, id)
            .query((row, n) -> Row.of(row))
            .optional();
    return found.map(row -> opened(tenant, id, row));
  }

  /** A row is read whole before it is opened: opening asks another database. */
  private record Row(
      UUID model, int turn, Instant createdAt, @Nullable UUID job, byte @Nullable [] state) {
    static Row of(ResultSet row) throws SQLException {
      return new Row(
          Objects.requireNonNull(row.getObject("model_id", UUID.class)),
          row.getInt("turn"),
          Rows.required(row, "created_at"),
          row.getObject("job_id", UUID.class),
          row.getBytes("state"));
    }
  }

  private Found opened(String tenant, UUID id, Row row) {
    if (row.job() != null) {
      return new Found.Ended(row.job());
    }
    if (row.state() == null) {
      return new Found.Gone();
    }
    try {
      byte[] state = vault.openJob(tenant, id).open(Column.NEGOTIATION, row.state());
      return new Found.Waiting(id, row.model(), row.turn(), row.createdAt(), state);
    } catch (KeyGone e) {
      return new Found.Gone();
    }
  }

  /**
   * Takes an answer.
   *
   * @param seen what the answer was weighed against
   * @param state what it has become; PHI, until sealed
   * @return false when another answer was taken in the meantime
   */
  public boolean advance(String tenant, Found.Waiting seen, byte[] state) {
    byte[] sealed;
    try {
      sealed = vault.openJob(tenant, seen.id()).seal(Column.NEGOTIATION, state);
    } catch (KeyGone e) {
      return false;
    }
    return transaction.execute(
        status -> {
          doNotWaitForTheDisk();
          return jdbc.sql(
                      """
                      update negotiations set state = ?, turn = turn + 1
                      where id = ? and turn = ? and state is not null and job_id is null
                      """)
                  .params(sealed, seen.id(), seen.turn())
                  .update()
              == 1;
        });
  }

  /** Ends one in a job, in the transaction that makes the job; false when it moved on meanwhile. */
  static boolean end(JdbcClient jdbc, NewJob.Ending negotiation, UUID job) {
    return jdbc.sql(
                """
                update negotiations set job_id = ?, state = null
                where id = ? and turn = ? and state is not null and job_id is null
                """)
            .params(job, negotiation.id(), negotiation.turn())
            .update()
        == 1;
  }

  /** Takes away what is older than a day, and forgets after thirty that it ever was. */
  public void sweep() {
    List<UUID> expired =
        jdbc.sql(
                "update negotiations set state = null where state is not null and not ("
                    + ALIVE
                    + ") returning id")
            .query((row, n) -> id(row))
            .list();
    expired.forEach(vault::destroyJob);
    // Their keys too: a process that died between an end and the key's destruction has left one.
    List<UUID> forgotten =
        jdbc.sql(
                """
                delete from negotiations where created_at < now() - interval '30 days' returning id
                """)
            .query((row, n) -> id(row))
            .list();
    forgotten.forEach(vault::destroyJob);
  }

  private void doNotWaitForTheDisk() {
    jdbc.sql("set local synchronous_commit = off").update();
  }

  private static UUID id(ResultSet row) throws SQLException {
    return Objects.requireNonNull(row.getObject("id", UUID.class));
  }
}
