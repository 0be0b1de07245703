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
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Registry;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.Backends;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.TestHost;
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
    database.image("mock/m");
    UUID job = database.accepted(inputs);
    run(job, at, new MockBackend(), Map.of());
    return view(job);
  }

  private static JobView view(UUID job) {
    return database.jobs().find(JobDatabase.TENANT, job).orElseThrow();
  }

  private static void run(UUID job, Instant at, Backend backend, Map<String, Isolation> minimums) {
    Clock clock = Clock.fixed(at, ZoneOffset.UTC);
    Backends backends = new Backends(List.of(backend), clock);
    try (WarmPool pool = new WarmPool(WarmPool.Settings.within(1 << 30), clock);
        Sandboxes sandboxes =
            new Sandboxes(
                new Registry(database.jdbc()),
                TestModels.images(Path.of("models/news2")),
                backends,
                pool,
                minimums);
        JobRunner runner =
            new JobRunner(
                database.leases(), new Registry(database.jdbc()), sandboxes, Map.of(), clock)) {
      runner.run(database.leases().lease(job, "w").orElseThrow());
    }
  }

  /** The NEWS2 sample, with the level that its host offers. */
  private static JobView isolated(Map<String, Isolation> minimums) {
    database.image("wasm:news2.wasm");
    UUID job = database.accepted("[]");
    run(job, EXPIRES, TestHost.WASM, minimums);
    return view(job);
  }

  @Test
  void a_tenants_minimum_holds_though_the_model_asks_for_less() {
    for (String tenant : List.of(JobDatabase.TENANT, Sandboxes.ANY_TENANT)) {
      assertThat(isolated(Map.of(tenant, Isolation.MICROVM)).error())
          .as(tenant)
          .isEqualTo(JobError.ISOLATION_UNAVAILABLE);
    }
  }

  @Test
  void another_tenants_minimum_does_not_matter_nor_everybodys_to_who_is_named() {
    assertThat(isolated(Map.of("other", Isolation.MICROVM)).error())
        .isNotEqualTo(JobError.ISOLATION_UNAVAILABLE);
    assertThat(
            isolated(
                    Map.of(
                        JobDatabase.TENANT, Isolation.NONE,
                        Sandboxes.ANY_TENANT, Isolation.MICROVM))
                .error())
        .isNotEqualTo(JobError.ISOLATION_UNAVAILABLE);
  }

  @Test
  void a_memory_limit_above_what_the_worker_has_is_named_as_the_reason() {
    database.image("wasm:news2.wasm");
    database.manifest("{\"required_observations\": [], \"limits\": {\"memory\": \"64Gi\"}}");
    UUID job = database.accepted("[]");
    run(job, EXPIRES, TestHost.WASM, Map.of());
    database.manifest(JobDatabase.NEEDS_NOTHING);

    assertThat(view(job).error()).isEqualTo(JobError.MEMORY_UNAVAILABLE);
    assertThat(JobError.MEMORY_UNAVAILABLE.detail()).contains("limits.memory", "-Xmx");
  }

  /** A host on which no sandbox can be made any more. */
  private static final class FullHost implements Backend {
    private final Backend mock = new MockBackend();

    @Override
    public String name() {
      return mock.name();
    }

    @Override
    public Isolation isolation() {
      return mock.isolation();
    }

    @Override
    public boolean runs(ModelImage image) {
      return mock.runs(image);
    }

    @Override
    public Probe probe() {
      return mock.probe();
    }

    @Override
    public Sandbox start(ModelImage image, Limits limits) throws SandboxException {
      throw new SandboxException(SandboxException.Kind.HOST_FAILED, "No room.");
    }
  }

  @Test
  void a_host_that_fails_is_tried_again_and_the_model_is_not_blamed() {
    database.image("mock/m");
    UUID job = database.accepted("[]");
    for (int attempt = 1; attempt <= 2; attempt++) {
      run(job, EXPIRES, new FullHost(), Map.of());
      assertThat(view(job).status()).isEqualTo(JobStatus.QUEUED);
      database.jdbc().sql("update jobs set not_before = now()").update();
    }
    run(job, EXPIRES, new FullHost(), Map.of());

    assertThat(view(job).status()).isEqualTo(JobStatus.FAILED);
    assertThat(view(job).error()).isEqualTo(JobError.PLATFORM);
    assertThat(JobError.PLATFORM.blame()).isEqualTo(JobError.Blame.PLATFORM);
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
