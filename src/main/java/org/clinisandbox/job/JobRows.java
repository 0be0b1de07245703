package org.clinisandbox.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import javax.sql.DataSource;
import org.clinisandbox.batch.GroupCommit;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes new jobs and their Idempotency-Keys, in one statement. Each comes to true, or to false
 * when its Idempotency-Key was taken.
 */
final class JobRows implements GroupCommit.Store<JobRow, Boolean> {
  /**
   * How long a batch waits for a lock: for a twin in another process, or for somebody who changes a
   * model. Then its rows are stored one by one, and hold up nobody else.
   */
  private static final String BRIEFLY = "250ms";

  private static final String PATIENTLY = "10s";

  private static final String INTO =
      """
      insert into jobs (id, tenant, model_id, model_key, model_version,
                        bundle, inputs, callback, client_reference, published_at)
      """;

  /** One that has no Idempotency-Key, and with it no neighbour: in half the server's time. */
  private static final String ONE =
      INTO
          + """
          select ?, ?, ?, ?, ?, ?, ?, ?::bytea, ?::bytea, now()
          from (select set_config('lock_timeout', ?, true)) as patience
          """;

  private static final String MANY =
      """
      with given as materialized (
        select set_config('lock_timeout', ?, true),
               unnest(?::uuid[]) as id, unnest(?::text[]) as tenant, unnest(?::uuid[]) as model_id,
               unnest(?::text[]) as model_key, unnest(?::text[]) as model_version,
               unnest(?::bytea[]) as bundle, unnest(?::bytea[]) as inputs,
               unnest(?::bytea[]) as callback, unnest(?::bytea[]) as client_reference,
               unnest(?::text[]) as route, unnest(?::bytea[]) as key, unnest(?::bytea[]) as body),
      bound as (
        insert into idempotency_keys (tenant, route, key, body, job_id)
        select tenant, route, key, body, id from given where key is not null
        on conflict (tenant, route, key) do update
          set body = excluded.body, job_id = excluded.job_id, created_at = now()
          where idempotency_keys.created_at <= now() - interval '24 hours'
        returning job_id)
      %s
      select id, tenant, model_id, model_key, model_version,
             bundle, inputs, callback, client_reference, now()
      from given where key is null or id in (select job_id from bound)
      returning id
      """
          .formatted(INTO);

  private final JdbcClient jdbc;

  JobRows(DataSource data) {
    this.jdbc = JdbcClient.create(data);
  }

  @Override
  public List<Boolean> commit(List<JobRow> rows) {
    Set<UUID> stored = insert(withoutTwins(rows), BRIEFLY);
    return rows.stream().map(row -> stored.contains(row.id())).toList();
  }

  /** A twin's insert waits here until the other's transaction ends, and then sees its row. */
  @Override
  public Boolean alone(JobRow row) {
    return insert(List.of(row), PATIENTLY).contains(row.id());
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

  /** The jobs that it made. */
  private Set<UUID> insert(List<JobRow> rows, String patience) {
    JobRow first = rows.getFirst();
    return rows.size() == 1 && first.idempotency() == null
        ? insertOne(first, patience)
        : insertMany(rows, patience);
  }

  private Set<UUID> insertOne(JobRow row, String patience) {
    jdbc.sql(ONE)
        .params(
            row.id(),
            row.tenant(),
            row.modelId(),
            row.modelKey(),
            row.modelVersion(),
            row.bundle(),
            row.inputs())
        .param(row.callback())
        .param(row.clientReference())
        .param(patience)
        .update();
    return Set.of(row.id());
  }

  private Set<UUID> insertMany(List<JobRow> rows, String patience) {
    return Set.copyOf(
        jdbc.sql(MANY)
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
                column(rows, byte[][]::new, row -> ofKey(row, IdempotencyKey::body)))
            .query(UUID.class)
            .list());
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
