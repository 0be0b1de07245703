package org.clinisandbox.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.Task;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Base64;
import java.util.UUID;
import javax.sql.DataSource;
import org.clinisandbox.batch.Batching;
import org.clinisandbox.queue.JobQueue;
import org.clinisandbox.services.Databases;
import org.clinisandbox.vault.MasterKey;
import org.clinisandbox.vault.Vault;
import org.clinisandbox.webhook.AllowList;
import org.clinisandbox.webhook.CallbackGuard;
import org.clinisandbox.webhook.Resolver;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A real PostgreSQL with the data and the keys, one model in it, and this package's parts on it.
 */
public final class JobDatabase implements AutoCloseable {
  public static final String TENANT = "local";
  public static final String NEEDS_NOTHING = "{\"required_observations\": []}";

  private final EmbeddedPostgres postgres;
  private final HikariDataSource data;
  private final HikariDataSource keyData;
  private final JdbcClient jdbc;
  private final JdbcClient keys;
  private final TransactionTemplate transaction;
  private final Vault vault;
  // Nobody listens there.
  private final JobQueue queue = new JobQueue("redis://127.0.0.1:1", "test");
  private final Deliveries deliveries;
  private final Jobs jobs;
  private final Leases leases;
  private final UUID model = UUID.randomUUID();

  private JobDatabase() throws Exception {
    postgres = EmbeddedPostgres.start();
    String url = "postgresql://postgres@localhost:" + postgres.getPort() + "/main";
    Databases.prepare(url, url + "_keys", null);
    data = Databases.pool(url, 8);
    keyData = Databases.pool(url + "_keys", 4);
    vault =
        Vault.open(keyData, MasterKey.fromBase64(Base64.getEncoder().encodeToString(new byte[32])));
    jdbc = JdbcClient.create(data);
    keys = JdbcClient.create(keyData);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(data));
    deliveries =
        new Deliveries(
            jdbc,
            SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(data)).build(),
            new Endings(queue),
            Clock.systemUTC());
    Hints hints = new Hints(jdbc, transaction, queue);
    CallbackGuard guard = new CallbackGuard(AllowList.none(), Resolver.SYSTEM);
    jobs = new Jobs(data, transaction, vault, guard, hints, deliveries, Batching.DEFAULT);
    leases = new Leases(jdbc, transaction, vault, deliveries);
    jdbc.sql("insert into tenants (name, webhook_secret) values (?, '')").param(TENANT).update();
    jdbc.sql(
            """
            insert into diagnostic_models (id, name, key, version, docker_image_path, required_fhir_resources)
            values (?, 'M', 'm', '1', 'mock/m', ?::jsonb)
            """)
        .param(model)
        .param(NEEDS_NOTHING)
        .update();
  }

  public static JobDatabase start() throws Exception {
    return new JobDatabase();
  }

  /** A request for a job of the one model, without data. */
  NewJob newJob(NewJob.@Nullable Ending negotiation) {
    return newJob("[]", negotiation);
  }

  private NewJob newJob(String inputs, NewJob.@Nullable Ending negotiation) {
    return newJob(model, inputs, null, negotiation);
  }

  /** The same of a model that need not exist, with an Idempotency-Key or none. */
  NewJob newJob(UUID ofModel, @Nullable IdempotencyKey key) {
    return newJob(ofModel, "[]", key, null);
  }

  private static NewJob newJob(
      UUID model,
      String inputs,
      @Nullable IdempotencyKey key,
      NewJob.@Nullable Ending negotiation) {
    return new NewJob(
        TENANT,
        model,
        "m",
        "1",
        "{}".getBytes(StandardCharsets.UTF_8),
        inputs.getBytes(StandardCharsets.UTF_8),
        null,
        null,
        key,
        negotiation);
  }

  /**
   * A job of the one model, which is a mock.
   *
   * @param inputs as a JSON array
   */
  public UUID accepted(String inputs) {
    return ((Acceptance.Accepted) jobs.accept(newJob(inputs, null))).job();
  }

  /**
   * @param quota how many of one tenant may wait at a time
   */
  Negotiations negotiations(int quota) {
    return new Negotiations(jdbc, transaction, vault, quota);
  }

  /** Has the one model be another image. */
  public void image(String image) {
    jdbc.sql("update diagnostic_models set docker_image_path = ? where id = ?")
        .param(image)
        .param(model)
        .update();
  }

  /** Replaces what the model's manifest says beside its key, version, name and image. */
  public void manifest(String body) {
    jdbc.sql("update diagnostic_models set required_fhir_resources = ?::jsonb where id = ?")
        .param(body)
        .param(model)
        .update();
  }

  /** How many keys this job or negotiation has: one or none. */
  int keysOf(UUID owner) {
    return keys.sql("select count(*) from job_keys where job_id = ?")
        .param(owner)
        .query(Integer.class)
        .single();
  }

  /** How many keys there are beside those for jobs to come. */
  int keys() {
    vault.destroyUnused();
    return keys.sql("select count(*) from job_keys").query(Integer.class).single();
  }

  public JdbcClient jdbc() {
    return jdbc;
  }

  TransactionTemplate transaction() {
    return transaction;
  }

  JdbcClient keyJdbc() {
    return keys;
  }

  Connection connection() throws SQLException {
    return data.getConnection();
  }

  Connection keyConnection() throws SQLException {
    return keyData.getConnection();
  }

  public Jobs jobs() {
    return jobs;
  }

  public Leases leases() {
    return leases;
  }

  Leases leases(Deliveries others) {
    return new Leases(jdbc, transaction, vault, others);
  }

  DataSource source() {
    return data;
  }

  /** Timed work on this database, not begun yet. */
  SchedulerBuilder schedule(Task<?>... tasks) {
    return Scheduler.create(data, tasks);
  }

  Deliveries deliveries() {
    return deliveries;
  }

  Vault vault() {
    return vault;
  }

  UUID model() {
    return model;
  }

  @Override
  public void close() throws IOException {
    queue.close();
    vault.destroyUnused();
    data.close();
    keyData.close();
    postgres.close();
  }
}
