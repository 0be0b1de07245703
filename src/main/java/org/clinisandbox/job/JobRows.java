package org.clinisandbox.job;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import javax.sql.DataSource;
import org.clinisandbox.batch.GroupCommit;
import org.clinisandbox.vault.NewJobKeys;
import org.clinisandbox.vault.Vault;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes new jobs: first their keys, into the key database, then, in one statement, the jobs and
 * their Idempotency-Keys. Each comes to true, or to false when its Idempotency-Key was taken.
 *
 * <p>Where both databases are on one server, only the second commit waits for the disk: it takes
 * the first there too. The session that makes it is held since before the first, for a server that
 * fails in between ends it, so that no job is left whose key was lost; and the statement stores
 * nothing on another server than the keys are on.
 */
final class JobRows implements GroupCommit.Store<JobRow, Boolean> {
  /**
   * How long a batch waits for a twin in another process to end, and with it those that have none;
   * then they are stored one by one.
   */
  private static final String BRIEFLY = "250ms";

  private static final String PATIENTLY = "10s";
  private static final String WITHOUT_LIMIT = "0";

  /** Stands for any server. */
  private static final String ANYWHERE = "";

  private static final String INSERT =
      """
      with here as materialized (
        select %s as server, set_config('lock_timeout', ?, true)),
      given as (
        select * from (
          select unnest(?::uuid[]) as id, unnest(?::text[]) as tenant, unnest(?::uuid[]) as model_id,
                 unnest(?::text[]) as model_key, unnest(?::text[]) as model_version,
                 unnest(?::bytea[]) as bundle, unnest(?::bytea[]) as inputs,
                 unnest(?::bytea[]) as callback, unnest(?::bytea[]) as client_reference,
                 unnest(?::text[]) as route, unnest(?::bytea[]) as key, unnest(?::bytea[]) as body
        ) as rows
        where (select server from here) = coalesce(nullif(?, ''), (select server from here))),
      bound as (
        insert into idempotency_keys (tenant, route, key, body, job_id)
        select tenant, route, key, body, id from given where key is not null
        on conflict (tenant, route, key) do update
          set body = excluded.body, job_id = excluded.job_id, created_at = now()
          where idempotency_keys.created_at <= now() - interval '24 hours'
        returning job_id),
      job as (
        insert into jobs (id, tenant, model_id, model_key, model_version,
                          bundle, inputs, callback, client_reference, published_at)
        select id, tenant, model_id, model_key, model_version,
               bundle, inputs, callback, client_reference, now()
        from given where key is null or id in (select job_id from bound)
        returning id)
      select here.server, job.id from here left join job on true
      """
          .formatted(Vault.SERVER);

  private final DataSource data;
  private final JdbcClient jdbc;
  private final TransactionTemplate session;
  private final Vault vault;

  /** Whether the jobs went to the keys' server when somebody last looked. */
  private volatile boolean oneServer = true;

  JobRows(DataSource data, Vault vault) {
    this.data = data;
    this.jdbc = JdbcClient.create(data);
    this.session = new TransactionTemplate(new DataSourceTransactionManager(data));
    this.session.setPropagationBehavior(TransactionDefinition.PROPAGATION_SUPPORTS);
    this.vault = vault;
  }

  @Override
  public List<Boolean> commit(List<JobRow> rows) {
    Set<UUID> stored = insert(withoutTwins(rows), BRIEFLY);
    return rows.stream().map(row -> stored.contains(row.id())).toList();
  }

  /** A twin's insert waits here until the other's transaction ends, and then sees its row. */
  @Override
  public Boolean alone(JobRow row) {
    return insert(List.of(row), row.idempotency() == null ? WITHOUT_LIMIT : PATIENTLY)
        .contains(row.id());
  }

  /** One statement can't take the same key twice; whoever is left out finds the key taken. */
  private static List<JobRow> withoutTwins(List<JobRow> rows) {
    Set<JobRow.Twin> twins = new HashSet<>();
    List<JobRow> first = new ArrayList<>(rows.size());
    for (JobRow row : rows) {
      JobRow.Twin twin = row.twin();
      if (twin == null || twins.add(twin)) {
        first.add(row);
      }
    }
    return first;
  }

  /** What one statement came to: on which server, and the jobs that it made there. */
  private record Inserted(String server, Set<UUID> jobs) {}

  private Set<UUID> insert(List<JobRow> rows, String patience) {
    return session.execute(
        _ -> {
          Connection held = DataSourceUtils.getConnection(data);
          try {
            return insertAfterKeys(rows, patience);
          } finally {
            DataSourceUtils.releaseConnection(held, data);
          }
        });
  }

  private Set<UUID> insertAfterKeys(List<JobRow> rows, String patience) {
    List<NewJobKeys> keys = rows.stream().map(JobRow::keys).toList();
    boolean together = oneServer;
    String server = vault.store(keys, !together);
    Inserted inserted = insert(rows, patience, together ? server : ANYWHERE);
    if (together && !inserted.server().equals(server)) {
      server = vault.store(keys, true);
      inserted = insert(rows, patience, ANYWHERE);
    }
    oneServer = inserted.server().equals(server);
    return inserted.jobs();
  }

  private Inserted insert(List<JobRow> rows, String patience, String server) {
    return jdbc.sql(INSERT)
        .params(
            patience,
            column(rows, UUID[]::new, JobRow::id),
            column(rows, String[]::new, JobRow::tenant),
            column(rows, UUID[]::new, JobRow::modelId),
            column(rows, String[]::new, JobRow::modelKey),
            column(rows, String[]::new, JobRow::modelVersion),
            column(rows, byte[][]::new, JobRow::bundle),
            column(rows, byte[][]::new, JobRow::inputs),
            column(rows, byte[][]::new, JobRow::callback),
            column(rows, byte[][]::new, JobRow::clientReference),
            column(rows, String[]::new, row -> ofKey(row, IdempotencyKey::route)),
            column(rows, byte[][]::new, row -> ofKey(row, IdempotencyKey::key)),
            column(rows, byte[][]::new, row -> ofKey(row, IdempotencyKey::body)),
            server)
        .query(JobRows::inserted);
  }

  private static Inserted inserted(ResultSet rows) throws SQLException {
    String server = ANYWHERE;
    Set<UUID> jobs = new HashSet<>();
    while (rows.next()) {
      server = rows.getString(1);
      UUID job = rows.getObject(2, UUID.class);
      if (job != null) {
        jobs.add(job);
      }
    }
    return new Inserted(server, jobs);
  }

  private static <T> @Nullable T ofKey(JobRow row, Function<IdempotencyKey, T> part) {
    IdempotencyKey key = row.idempotency();
    return key == null ? null : part.apply(key);
  }

  private static <T extends @Nullable Object> T[] column(
      List<JobRow> rows, IntFunction<T[]> array, Function<JobRow, T> value) {
    return rows.stream().map(value).toArray(array);
  }
}
