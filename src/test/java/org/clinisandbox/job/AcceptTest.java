package org.clinisandbox.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataIntegrityViolationException;

/** Jobs that are accepted at once, on a real PostgreSQL. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AcceptTest {
  private static JobDatabase database;
  private ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeAll
  static void start() throws Exception {
    database = JobDatabase.start();
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
  }

  @BeforeEach
  void empty() {
    callers = Executors.newVirtualThreadPerTaskExecutor();
    database.jdbc().sql("truncate jobs, idempotency_keys, negotiations, deliveries").update();
    database.vault().destroyUnused();
    database.keyJdbc().sql("truncate job_keys").update();
  }

  @AfterEach
  void end() {
    callers.close();
  }

  private static IdempotencyKey key(String key, String body) {
    return new IdempotencyKey("/v1/diagnose", bytes(key), bytes(body));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static NewJob job(@Nullable IdempotencyKey key) {
    return database.newJob(database.model(), key);
  }

  private Future<Acceptance> accept(NewJob job) {
    return callers.submit(() -> database.jobs().accept(job));
  }

  private List<Future<Acceptance>> acceptAll(int count, @Nullable IdempotencyKey key) {
    List<Future<Acceptance>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(accept(job(key)));
    }
    return all;
  }

  private static long count(String table) {
    return database.jdbc().sql("select count(*) from " + table).query(Long.class).single();
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Somebody waits for a lock. */
  private static boolean somebodyWaits() {
    return database
        .jdbc()
        .sql("select exists (select from pg_stat_activity where wait_event_type = 'Lock')")
        .query(Boolean.class)
        .single();
  }

  @Test
  void of_many_at_once_each_is_a_job_with_its_key() throws Exception {
    List<UUID> made = new ArrayList<>();
    for (Future<Acceptance> each : acceptAll(200, null)) {
      made.add(((Acceptance.Accepted) each.get()).job());
    }

    assertThat(made).doesNotHaveDuplicates();
    assertThat(database.jdbc().sql("select id from jobs").query(UUID.class).list())
        .containsExactlyInAnyOrderElementsOf(made);
    for (UUID job : made) {
      assertThat(database.keysOf(job)).isEqualTo(1);
      assertThat(database.jobs().find(JobDatabase.TENANT, job).orElseThrow().inputs()).isNotNull();
    }
  }

  @Test
  void one_that_cannot_be_stored_does_not_fail_its_neighbours() throws Exception {
    List<Future<Acceptance>> good = acceptAll(30, null);
    List<Future<Acceptance>> bad = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      bad.add(accept(database.newJob(UUID.randomUUID(), null)));
      good.addAll(acceptAll(5, null));
    }

    for (Future<Acceptance> each : good) {
      assertThat(each.get()).isInstanceOf(Acceptance.Accepted.class);
    }
    for (Future<Acceptance> each : bad) {
      assertThatThrownBy(each::get).hasCauseInstanceOf(DataIntegrityViolationException.class);
    }
    assertThat(count("jobs")).isEqualTo(55);
    assertThat(database.keys()).isEqualTo(55);
  }

  @Test
  void one_idempotency_key_makes_one_job_however_many_come_at_once() throws Exception {
    List<Acceptance> all = new ArrayList<>();
    for (Future<Acceptance> each : acceptAll(40, key("k", "body"))) {
      all.add(each.get());
    }

    UUID job = database.jdbc().sql("select id from jobs").query(UUID.class).single();
    assertThat(all).containsOnlyOnce(new Acceptance.Accepted(job));
    assertThat(all)
        .filteredOn(one -> !one.equals(new Acceptance.Accepted(job)))
        .hasSize(39)
        .containsOnly(new Acceptance.Replayed(job));
    assertThat(database.keys()).isEqualTo(1);
    assertThat(count("jobs")).isEqualTo(1);
  }

  @Test
  void a_key_with_another_body_is_said_to_be_so_and_leaves_nothing() throws Exception {
    accept(job(key("k", "body"))).get();

    assertThat(accept(job(key("k", "other"))).get()).isEqualTo(new Acceptance.KeyReused());

    assertThat(count("jobs")).isEqualTo(1);
    assertThat(database.keys()).isEqualTo(1);
  }

  @Test
  void a_key_that_is_older_than_a_day_is_taken_anew() throws Exception {
    accept(job(key("k", "body"))).get();
    database
        .jdbc()
        .sql("update idempotency_keys set created_at = now() - interval '25 hours'")
        .update();

    assertThat(accept(job(key("k", "other"))).get()).isInstanceOf(Acceptance.Accepted.class);

    assertThat(count("jobs")).isEqualTo(2);
    assertThat(count("idempotency_keys")).isEqualTo(1);
  }

  /** Takes a key as a request in another process does that has not ended yet. */
  private static Connection twin(UUID job) throws SQLException {
    Connection twin = database.connection();
    twin.setAutoCommit(false);
    try (PreparedStatement insert =
        twin.prepareStatement(
            """
            with job as (
              insert into jobs (id, tenant, model_id, model_key, model_version, bundle, inputs)
              values (?, 'local', ?, 'm', '1', '', ''))
            insert into idempotency_keys (tenant, route, key, body, job_id)
            values ('local', '/v1/diagnose', ?, ?, ?)
            """)) {
      insert.setObject(1, job);
      insert.setObject(2, database.model());
      insert.setBytes(3, bytes("k"));
      insert.setBytes(4, bytes("body"));
      insert.setObject(5, job);
      insert.executeUpdate();
    }
    return twin;
  }

  @Test
  void a_twin_in_another_process_is_waited_for_and_its_neighbours_do_not_wait() throws Exception {
    UUID first = UUID.randomUUID();
    Future<Acceptance> waiting;
    try (Connection twin = twin(first)) {
      waiting = accept(job(key("k", "body")));
      for (Future<Acceptance> neighbour : acceptAll(20, null)) {
        assertThat(neighbour.get()).isInstanceOf(Acceptance.Accepted.class);
      }
      until(AcceptTest::somebodyWaits);
      assertThat(waiting.isDone()).isFalse();
      twin.commit();
    }

    assertThat(waiting.get()).isEqualTo(new Acceptance.Replayed(first));
    assertThat(database.keys()).isEqualTo(20);
  }

  @Test
  void somebody_who_changes_a_model_holds_up_its_jobs_alone() throws Exception {
    UUID other = UUID.randomUUID();
    database
        .jdbc()
        .sql(
            """
            insert into diagnostic_models (id, name, key, version, docker_image_path, required_fhir_resources)
            select ?, name, 'other', version, docker_image_path, required_fhir_resources from diagnostic_models
            where id = ?
            """)
        .params(other, database.model())
        .update();
    List<Future<Acceptance>> waiting = new ArrayList<>();
    try (Connection operator = database.connection()) {
      operator.setAutoCommit(false);
      try (PreparedStatement change =
          operator.prepareStatement("select from diagnostic_models where id = ? for update")) {
        change.setObject(1, other);
        change.execute();
      }
      // One by one: each is alone in its lane.
      for (int i = 0; i < 3; i++) {
        waiting.add(accept(database.newJob(other, null)));
        until(AcceptTest::somebodyWaits);
      }
      assertThat(accept(job(null)).get()).isInstanceOf(Acceptance.Accepted.class);
      assertThat(waiting).noneMatch(Future::isDone);
      operator.rollback();
    }
    for (Future<Acceptance> each : waiting) {
      assertThat(each.get()).isInstanceOf(Acceptance.Accepted.class);
    }
  }

  @Test
  void when_a_twin_in_another_process_fails_the_other_is_made() throws Exception {
    Future<Acceptance> waiting;
    try (Connection twin = twin(UUID.randomUUID())) {
      waiting = accept(job(key("k", "body")));
      until(AcceptTest::somebodyWaits);
      twin.rollback();
    }

    assertThat(waiting.get()).isInstanceOf(Acceptance.Accepted.class);
    assertThat(count("jobs")).isEqualTo(1);
  }

  /** Holds up everybody who stores keys, until it is rolled back. */
  private static Connection lockedKeys() throws SQLException {
    Connection keys = database.keyConnection();
    keys.setAutoCommit(false);
    keys.createStatement().execute("lock table job_keys in exclusive mode");
    return keys;
  }

  @Test
  void no_job_is_there_before_its_key_is() throws Exception {
    Future<Acceptance> waiting;
    try (Connection keys = lockedKeys()) {
      waiting = accept(job(null));
      until(AcceptTest::somebodyWaits);

      // Not even one that is not committed yet.
      assertThat(
              database
                  .jdbc()
                  .sql(
                      "select count(*) from pg_locks where relation = 'jobs'::regclass and mode ="
                          + " 'RowExclusiveLock'")
                  .query(Long.class)
                  .single())
          .isZero();
      keys.rollback();
    }

    assertThat(waiting.get()).isInstanceOf(Acceptance.Accepted.class);
  }

  @Test
  void of_twins_in_one_batch_the_first_is_stored() {
    JobRows rows = new JobRows(database.source());
    NewJob twin = job(key("k", "body"));
    List<JobRow> batch = new ArrayList<>();
    for (NewJob each : List.of(twin, job(null), twin)) {
      batch.add(JobRow.seal(each, database.vault().createJob(JobDatabase.TENANT)));
    }

    assertThat(rows.commit(batch)).containsExactly(true, true, false);
  }

  @Test
  void a_large_one_is_a_job_like_any_other() throws Exception {
    NewJob small = job(null);
    NewJob large =
        new NewJob(
            small.tenant(),
            small.modelId(),
            small.modelKey(),
            small.modelVersion(),
            new byte[300_000],
            small.inputs(),
            "https://93.184.216.34/hook",
            "visit-7",
            key("large", "body"),
            null);

    Acceptance accepted = database.jobs().accept(large);

    UUID job = ((Acceptance.Accepted) accepted).job();
    assertThat(database.jobs().find(JobDatabase.TENANT, job).orElseThrow().clientReference())
        .isEqualTo("visit-7");
    assertThat(database.jobs().accept(large)).isEqualTo(new Acceptance.Replayed(job));
    assertThat(database.keys()).isEqualTo(1);
  }
}
