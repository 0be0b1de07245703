package org.clinisandbox.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.clinisandbox.fhir.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The state machine of a job, on a real PostgreSQL. */
class LeasesTest {
  private static final byte[] NOTHING = new byte[0];

  private static JobDatabase database;
  private static JdbcClient jdbc;
  private static Jobs jobs;
  private static Leases leases;

  @BeforeAll
  static void start() throws Exception {
    database = JobDatabase.start();
    jdbc = database.jdbc();
    jobs = database.jobs();
    leases = database.leases();
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
  }

  private static UUID accepted() {
    return ((Acceptance.Accepted) jobs.accept(database.newJob(null))).job();
  }

  private static Lease leased(UUID job) {
    return leases.lease(job, "w").orElseThrow();
  }

  /** What the end of a lease looks like, without waiting for it. */
  private static void expire(UUID job) {
    jdbc.sql("update jobs set lease_until = now() - interval '1 second' where id = ?")
        .param(job)
        .update();
  }

  private static JobStatus status(UUID job) {
    return jobs.status("local", job).orElseThrow();
  }

  @Test
  void of_many_workers_one_gets_the_lease() throws Exception {
    UUID job = accepted();
    Callable<Boolean> attempt = () -> leases.lease(job, "w").isPresent();

    try (var threads = Executors.newFixedThreadPool(8)) {
      assertThat(threads.invokeAll(java.util.Collections.nCopies(16, attempt)))
          .extracting(java.util.concurrent.Future::resultNow)
          .containsOnlyOnce(true);
    }
  }

  @Test
  void a_lease_that_ran_out_can_be_taken_and_one_that_did_not_cannot() {
    UUID job = accepted();
    Lease first = leased(job);

    assertThat(leases.lease(job, "other")).isEmpty();
    assertThat(leases.extend(first)).isTrue();
    expire(job);
    assertThat(leases.waiting(1_000)).contains(job);
    Lease second = leases.lease(job, "other").orElseThrow();
    assertThat(second.fence()).isGreaterThan(first.fence());
    assertThat(second.attempt()).isEqualTo(2);
  }

  @Test
  void a_write_under_an_old_lease_is_fenced_off() throws Exception {
    UUID job = accepted();
    Lease zombie = leased(job);
    expire(job);
    Lease current = leased(job);

    assertThat(leases.succeed(zombie, Json.MAPPER.createObjectNode(), NOTHING)).isFalse();
    assertThat(leases.fail(zombie, JobError.MODEL_CRASHED, NOTHING)).isFalse();
    assertThat(leases.giveBack(zombie, Duration.ZERO)).isFalse();
    assertThat(leases.extend(zombie)).isFalse();
    assertThat(status(job)).isEqualTo(JobStatus.RUNNING);
    assertThat(leases.succeed(current, Json.MAPPER.createObjectNode(), NOTHING)).isTrue();
    assertThat(status(job)).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void a_job_ends_once() throws Exception {
    UUID job = accepted();
    Lease lease = leased(job);

    assertThat(leases.succeed(lease, Json.MAPPER.createObjectNode(), NOTHING)).isTrue();
    assertThat(leases.fail(lease, JobError.MODEL_CRASHED, NOTHING)).isFalse();
    assertThat(leases.lease(job, "w")).isEmpty();
  }

  @Test
  void a_cancelled_job_takes_no_result() throws Exception {
    UUID job = accepted();
    Lease lease = leased(job);

    assertThat(jobs.cancel("local", job)).isEqualTo(Jobs.Cancellation.CANCELLED);
    assertThat(jobs.cancel("local", job)).isEqualTo(Jobs.Cancellation.CANCELLED);
    assertThat(leases.succeed(lease, Json.MAPPER.createObjectNode(), NOTHING)).isFalse();
    assertThat(status(job)).isEqualTo(JobStatus.CANCELLED);
  }

  @Test
  void another_tenant_does_not_see_a_job() {
    UUID job = accepted();

    assertThat(jobs.find("other", job)).isEmpty();
    assertThat(jobs.status("other", job)).isEmpty();
    assertThat(jobs.list("other", null, null, 50, null)).isEmpty();
    assertThat(jobs.list("other", null, null, 50, job)).isEmpty();
    assertThat(jobs.cancel("other", job)).isEqualTo(Jobs.Cancellation.NO_SUCH_JOB);
    assertThat(status(job)).isEqualTo(JobStatus.QUEUED);
  }

  @Test
  void a_job_given_back_waits_for_its_delay() {
    UUID job = accepted();

    assertThat(leases.giveBack(leased(job), Duration.ofHours(1))).isTrue();
    assertThat(status(job)).isEqualTo(JobStatus.QUEUED);
    assertThat(leases.lease(job, "w")).isEmpty();
  }

  @Test
  void a_job_that_was_begun_five_times_is_given_up() {
    UUID job = accepted();
    for (int i = 0; i < 5; i++) {
      leased(job);
      expire(job);
    }

    assertThat(leases.lease(job, "w")).isEmpty();
    assertThat(jobs.find("local", job).orElseThrow().error()).isEqualTo(JobError.PLATFORM);
  }
}
