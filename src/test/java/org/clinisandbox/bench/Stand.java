package org.clinisandbox.bench;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.clinisandbox.batch.Batching;
import org.clinisandbox.job.Deliveries;
import org.clinisandbox.job.Endings;
import org.clinisandbox.job.Hints;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.job.NewJob;
import org.clinisandbox.queue.JobQueue;
import org.clinisandbox.services.DataFolder;
import org.clinisandbox.services.Databases;
import org.clinisandbox.services.LocalServices;
import org.clinisandbox.tenant.Tenants;
import org.clinisandbox.vault.MasterKey;
import org.clinisandbox.vault.Vault;
import org.clinisandbox.webhook.AllowList;
import org.clinisandbox.webhook.CallbackGuard;
import org.clinisandbox.webhook.Resolver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What {@code up} has between a request and its 202: the servers that it starts, with its settings,
 * its schema, its role and its pools. No HTTP and no validation.
 */
final class Stand implements AutoCloseable {
  private static final int CONNECTIONS = 24;
  private static final int KEY_CONNECTIONS = 12;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final UUID model = UUID.randomUUID();
  private final DataFolder data;
  private final LocalServices services;
  private final JdbcClient admin;
  private final JdbcClient keyAdmin;
  private final HikariDataSource database;
  private final HikariDataSource keyDatabase;
  private final CallbackGuard guard = new CallbackGuard(AllowList.none(), Resolver.SYSTEM);
  private final JobQueue queue;
  private final Hints hints;

  Stand(Path folder) throws Exception {
    data = push(DataFolder.open(folder));
    services = push(new LocalServices(data));
    services.start(step -> {});
    String app = services.appUrl();
    Databases.prepare(services.adminUrl(), keys(services.adminUrl()), app);
    database = push(Databases.pool(app, CONNECTIONS));
    keyDatabase = push(Databases.pool(keys(app), KEY_CONNECTIONS));
    admin = JdbcClient.create(push(Databases.pool(services.adminUrl(), 2)));
    keyAdmin = JdbcClient.create(push(Databases.pool(keys(services.adminUrl()), 2)));
    new Tenants(database, vault()).add(Tenants.LOCAL, "whsec_none");
    admin
        .sql(
            """
            insert into diagnostic_models (id, name, key, version, docker_image_path, required_fhir_resources)
            values (?, 'M', 'm', '1', 'mock/m', '{"required_observations": []}')
            """)
        .param(model)
        .update();
    admin
        .sql(
            "create table bench_rows (id bigint generated always as identity primary key,"
                + " body bytea not null)")
        .update();
    // As our own ciphertext is stored: the server does not try to compress it.
    admin.sql("alter table bench_rows alter column body set storage external").update();
    queue = push(new JobQueue(services.redisUrl(), "bench"));
    hints = push(new Hints(JdbcClient.create(database), transaction(), queue).start());
  }

  private <T extends AutoCloseable> T push(T started) {
    open.push(started);
    return started;
  }

  private static String keys(String url) {
    return url + "_keys";
  }

  private Vault vault() throws Exception {
    return Vault.open(
        keyDatabase, MasterKey.fromBase64(Base64.getEncoder().encodeToString(new byte[32])));
  }

  private TransactionTemplate transaction() {
    return new TransactionTemplate(new DataSourceTransactionManager(database));
  }

  Jobs jobs(Batching batching) throws Exception {
    JdbcClient jdbc = JdbcClient.create(database);
    Deliveries deliveries =
        new Deliveries(
            jdbc,
            SchedulerClient.Builder.create(database).build(),
            new Endings(queue),
            Clock.systemUTC());
    return new Jobs(database, transaction(), vault(), guard, hints, deliveries, batching);
  }

  NewJob request(byte[] bundle) {
    // As many and as long as NEWS2's eight.
    String input =
        """
        {"name":"heart_rate","value":118,"unit":"/min","source":"Observation/hr-1",
        "effective":"2026-11-22T06:00:00Z","code":"8867-4","system":"http://loinc.org"},
        """;
    byte[] inputs = ("[" + input.repeat(8) + "null]").getBytes(StandardCharsets.UTF_8);
    return new NewJob(Tenants.LOCAL, model, "m", "1", bundle, inputs, null, null, null, null);
  }

  /** The bytes of ciphertext that one request's row takes. */
  int ciphertext(NewJob request) {
    int overhead = 5 + 12 + 16;
    return request.bundle().length + request.inputs().length + 2 * overhead;
  }

  /** Seconds of processor time that the server and its clients have used. */
  double processorTime() throws IOException {
    Path postmaster = data.resolve("postgres").resolve("postmaster.pid");
    return ProcessorTime.seconds(
        List.of(
            ProcessHandle.current().pid(),
            Long.parseLong(Files.readAllLines(postmaster).getFirst().strip())));
  }

  /** The main database, for its superuser. */
  String url() {
    return services.adminUrl();
  }

  /** The same beginning for everybody: empty tables, nothing left to write. */
  void clean() {
    admin.sql("truncate jobs, idempotency_keys, negotiations, deliveries, bench_rows").update();
    keyAdmin.sql("truncate job_keys").update();
    admin.sql("checkpoint").update();
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
