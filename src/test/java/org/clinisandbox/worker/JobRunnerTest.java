package org.clinisandbox.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.clinisandbox.job.JobDatabase;
import org.clinisandbox.job.JobError;
import org.clinisandbox.job.JobStatus;
import org.clinisandbox.job.JobView;
import org.clinisandbox.registry.Registry;
import org.clinisandbox.sandbox.Backends;
import org.clinisandbox.sandbox.TestModels;
import org.clinisandbox.sandbox.WarmPool;
import org.clinisandbox.sandbox.mock.MockBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One job on a real PostgreSQL, run at a time of the test's choosing. */
class JobRunnerTest {
  private static final Instant EXPIRES = Instant.parse("2026-03-01T12:00:00Z");
  private static final String TEMPERATURE =
      """
      {"name": "temperature", "value": 39.4, "unit": "Cel", "source": "Observation/t",
       "effective": "2026-03-01T11:59:00Z", "expires": "%s"}
      """
          .formatted(EXPIRES);

  private static JobDatabase database;

  @BeforeAll
  static void start() throws Exception {
    database = JobDatabase.start();
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
  }

  /** The job of these inputs after it was run at that time. */
  private static JobView run(String inputs, Instant at) {
    UUID job = database.accepted(inputs);
    Clock clock = Clock.fixed(at, ZoneOffset.UTC);
    try (WarmPool pool = new WarmPool(WarmPool.Settings.within(1 << 30), clock);
        Backends backends = new Backends(List.of(new MockBackend()), clock);
        Sandboxes sandboxes =
            new Sandboxes(
                new Registry(database.jdbc()),
                TestModels.images(Path.of("")),
                backends,
                pool,
                Map.of());
        JobRunner runner =
            new JobRunner(
                database.leases(), new Registry(database.jdbc()), sandboxes, Map.of(), clock)) {
      runner.run(database.leases().lease(job, "w").orElseThrow());
    }
    return database.jobs().find(JobDatabase.TENANT, job).orElseThrow();
  }

  private static void assertExpired(JobView job) {
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.error()).isEqualTo(JobError.INPUT_EXPIRED);
    assertThat(JobError.INPUT_EXPIRED.blame()).isEqualTo(JobError.Blame.CLIENT);
    assertThat(job.outcome()).isNull();
  }

  @Test
  void a_job_whose_input_grew_too_old_while_it_waited_is_not_run() {
    assertExpired(run("[" + TEMPERATURE + "]", EXPIRES.plusNanos(1)));
  }

  @Test
  void an_input_may_be_used_until_the_moment_it_expires() {
    JobView job = run("[" + TEMPERATURE + "]", EXPIRES);

    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(job.error()).isNull();
  }

  @Test
  void one_expired_input_among_others_is_enough() {
    String age = "{\"name\": \"age\", \"value\": 67, \"unit\": \"a\", \"source\": \"Patient/p\"}";

    assertExpired(run("[" + age + "," + TEMPERATURE + "]", EXPIRES.plusSeconds(1)));
  }

  @Test
  void what_never_expires_is_never_too_old() {
    String age = "{\"name\": \"age\", \"value\": 67, \"unit\": \"a\", \"source\": \"Patient/p\"}";

    assertThat(run("[" + age + "]", EXPIRES.plusSeconds(1_000_000_000)).status())
        .isEqualTo(JobStatus.SUCCEEDED);
  }
}
