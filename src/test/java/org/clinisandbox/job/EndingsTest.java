package org.clinisandbox.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.clinisandbox.queue.JobQueue;
import org.clinisandbox.queue.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That who waits for a job's end hears of it from another process, by a real Redis. */
@Timeout(60)
class EndingsTest {
  private static final Duration FOR_EVER = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(50);

  private static JobDatabase database;
  private static TestRedis server;
  private static JobQueue ofApi;
  private static JobQueue ofWorker;
  private static Endings heard;
  private static Endings told;

  @BeforeAll
  static void start() throws Exception {
    database = JobDatabase.start();
    server = new TestRedis();
    String url = server.url();
    ofApi = new JobQueue(url, "api");
    ofWorker = new JobQueue(url, "worker");
    told = new Endings(ofWorker);
    // Redis comes later than those who listen.
    heard = new Endings(ofApi).listen();
    server.start();
    // As any use of the queue does, this connects.
    assertThat(ofWorker.size()).isZero();
    untilHeard();
  }

  /** What is said before somebody listens is lost. */
  private static void untilHeard() throws InterruptedException {
    UUID any = UUID.randomUUID();
    AtomicBoolean listens = new AtomicBoolean();
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (Endings.Watch watch = heard.watch(any)) {
                    watch.await(FOR_EVER);
                    listens.set(true);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    while (!listens.get()) {
      told.ended(any);
      waiting.join(SHORT);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    heard.close();
    ofApi.close();
    ofWorker.close();
    server.close();
    database.close();
  }

  @Test
  void who_waits_is_told_when_the_end_is_committed() throws Exception {
    UUID job = database.accepted("[]");
    Leases leases =
        database.leases(
            new Deliveries(
                database.jdbc(),
                SchedulerClient.Builder.create(database.source()).build(),
                told,
                Clock.systemUTC()));
    Lease lease = leases.lease(job, "w").orElseThrow();

    try (Endings.Watch first = heard.watch(job);
        Endings.Watch second = heard.watch(job)) {
      assertThat(leases.fail(lease, JobError.PLATFORM, new byte[0])).isTrue();
      first.await(FOR_EVER);
      second.await(FOR_EVER);
    }

    assertThat(database.jobs().status(JobDatabase.TENANT, job)).contains(JobStatus.FAILED);
  }

  @Test
  void another_jobs_end_tells_nobody() throws Exception {
    long begin = System.nanoTime();
    try (Endings.Watch watch = heard.watch(UUID.randomUUID())) {
      told.ended(UUID.randomUUID());
      watch.await(SHORT);
    }

    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SHORT.toNanos());
  }
}
