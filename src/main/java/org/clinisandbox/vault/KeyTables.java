package org.clinisandbox.vault;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
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

  void insertJobs(List<CutKeys> keys) {
    jdbc.sql(
            """
            insert into job_keys (job_id, tenant, wrapped, wrapped_mac)
            select unnest(?::uuid[]), unnest(?::text[]), unnest(?::bytea[]), unnest(?::bytea[])""")
        .params(
            keys.stream().map(each -> each.vault().job()).toArray(UUID[]::new),
            keys.stream().map(each -> each.vault().tenant()).toArray(String[]::new),
            keys.stream().map(each -> each.wrapped().aead()).toArray(byte[][]::new),
            keys.stream().map(each -> each.wrapped().mac()).toArray(byte[][]::new))
        .update();
  }

  Optional<Keys.Wrapped> job(UUID job) {
    return jdbc.sql("select wrapped, wrapped_mac from job_keys where job_id = ?")
        .param(job)
        .query(KeyTables::wrapped)
        .optional();
  }

  void deleteJobs(List<UUID> jobs) {
    jdbc.sql("delete from job_keys where job_id = any(?)")
        .param(jobs.toArray(UUID[]::new))
        .update();
  }

  void inTransaction(Runnable work) {
    transactions.executeWithoutResult(_ -> work.run());
  }

  private static Keys.Wrapped wrapped(ResultSet row, int number) throws SQLException {
    return new Keys.Wrapped(row.getBytes("wrapped"), row.getBytes("wrapped_mac"));
  }
}
