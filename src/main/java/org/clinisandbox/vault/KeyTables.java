package org.clinisandbox.vault;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The SQL of the key database. What is wrapped by the master key is written only while the check
 * row is still the one that this process opened: after `keys rotate` has replaced the master key, a
 * process with the old one can't leave a row that nobody could open.
 */
final class KeyTables {
  /**
   * An SQL expression that tells a running server from every other. A session asks for it once: a
   * server reads a file to answer.
   */
  static final String SERVER =
      "coalesce(nullif(current_setting('clinisandbox.server', true), ''),"
          + " set_config('clinisandbox.server',"
          + " (select system_identifier || ' ' || extract(epoch from pg_postmaster_start_time())"
          + " from pg_control_system()), false))";

  private static final String INSERT_JOBS =
      """
      with here as materialized (
        select set_config('synchronous_commit',
                 case when ? then current_setting('synchronous_commit') else 'off' end, true),
               %s as server)
      insert into job_keys (job_id, tenant, wrapped, wrapped_mac)
      select unnest(?::uuid[]), unnest(?::text[]), unnest(?::bytea[]), unnest(?::bytea[])
      from here
      on conflict (job_id) do update set tenant = excluded.tenant
        where job_keys.wrapped = excluded.wrapped
      returning job_id, (select server from here)
      """
          .formatted(SERVER);

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  KeyTables(DataSource keys) {
    this.jdbc = JdbcClient.create(keys);
    this.transactions = new TransactionTemplate(new DataSourceTransactionManager(keys));
  }

  boolean isEmpty() {
    return check().isEmpty() && anyTenant().isEmpty();
  }

  Optional<byte[]> check() {
    return jdbc.sql("select sealed from key_check").query(byte[].class).optional();
  }

  Optional<String> anyTenant() {
    return jdbc.sql("select tenant from tenant_keys limit 1").query(String.class).optional();
  }

  void insertCheck(byte[] sealed) {
    jdbc.sql("insert into key_check (id, sealed) values (1, ?) on conflict do nothing")
        .param(sealed)
        .update();
  }

  /** Locks the check row against others' writing; false when it is no longer the one given. */
  boolean holdCheck(byte[] sealed) {
    return jdbc.sql("select 1 from key_check where sealed = ? for share")
        .param(sealed)
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  boolean replaceCheck(byte[] sealed, byte[] next) {
    return jdbc.sql("update key_check set sealed = ? where sealed = ?")
            .params(next, sealed)
            .update()
        == 1;
  }

  /** Does nothing when the tenant is there already, or when the check row is another. */
  void insertTenant(String tenant, Keys.Wrapped keys, byte[] check) {
    jdbc.sql(
            """
            insert into tenant_keys (tenant, wrapped, wrapped_mac)
            select ?, ?, ? from key_check where sealed = ? for share
            on conflict do nothing""")
        .params(tenant, keys.aead(), keys.mac(), check)
        .update();
  }

  Optional<Keys.Wrapped> tenant(String tenant) {
    return jdbc.sql("select wrapped, wrapped_mac from tenant_keys where tenant = ?")
        .param(tenant)
        .query(KeyTables::wrapped)
        .optional();
  }

  List<String> tenantsForUpdate() {
    return jdbc.sql("select tenant from tenant_keys order by tenant for update")
        .query((row, _) -> row.getString("tenant"))
        .list();
  }

  void updateTenant(String tenant, Keys.Wrapped keys) {
    jdbc.sql("update tenant_keys set wrapped = ?, wrapped_mac = ? where tenant = ?")
        .params(keys.aead(), keys.mac(), tenant)
        .update();
  }

  /**
   * Inserts the keys of new jobs. What is there already in the same bytes counts as inserted: who
   * tries again must not be hindered by the try before.
   *
   * @param wait whether to wait for the disk
   * @return what {@link #SERVER} gives where they were inserted, for each job whose keys are in the
   *     table
   */
  Map<UUID, String> insertJobs(List<NewJobKeys> jobs, boolean wait) {
    return jdbc.sql(INSERT_JOBS)
        .params(
            wait,
            jobs.stream().map(NewJobKeys::job).toArray(UUID[]::new),
            jobs.stream().map(NewJobKeys::tenant).toArray(String[]::new),
            jobs.stream().map(job -> job.wrapped().aead()).toArray(byte[][]::new),
            jobs.stream().map(job -> job.wrapped().mac()).toArray(byte[][]::new))
        .query(
            rows -> {
              Map<UUID, String> inserted = new HashMap<>();
              while (rows.next()) {
                inserted.put(rows.getObject(1, UUID.class), rows.getString(2));
              }
              return inserted;
            });
  }

  /** Inserts one's keys without waiting for the disk. */
  boolean insertPassing(NewJobKeys owner) {
    return transactions.execute(
        _ -> {
          jdbc.sql("set local synchronous_commit = off").update();
          return jdbc.sql(
                      """
                      insert into job_keys (job_id, tenant, wrapped, wrapped_mac)
                      values (?, ?, ?, ?) on conflict do nothing""")
                  .params(
                      owner.job(), owner.tenant(), owner.wrapped().aead(), owner.wrapped().mac())
                  .update()
              == 1;
        });
  }

  Optional<Keys.Wrapped> job(UUID job) {
    return jdbc.sql("select wrapped, wrapped_mac from job_keys where job_id = ?")
        .param(job)
        .query(KeyTables::wrapped)
        .optional();
  }

  void deleteJob(UUID job) {
    jdbc.sql("delete from job_keys where job_id = ?").param(job).update();
  }

  void inTransaction(Runnable work) {
    transactions.executeWithoutResult(_ -> work.run());
  }

  private static Keys.Wrapped wrapped(ResultSet row, int number) throws SQLException {
    return new Keys.Wrapped(row.getBytes("wrapped"), row.getBytes("wrapped_mac"));
  }
}
