package org.clinisandbox.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When webhooks start, on a real PostgreSQL. */
class DeliveriesTest {
  private static final Duration NEVER = Duration.ofDays(1);

  private JobDatabase database;

  @BeforeEach
  void start() throws Exception {
    database = JobDatabase.start();
  }

  @AfterEach
  void stop() throws IOException {
    database.close();
  }

  /** A job whose end is to be announced. */
  private UUID awaited() {
    UUID job = database.accepted("[]");
    database.jdbc().sql("update jobs set callback = ''::bytea where id = ?").param(job).update();
    return job;
  }

  private void end(UUID job) {
    assertThat(database.jobs().cancel(JobDatabase.TENANT, job))
        .isEqualTo(Jobs.Cancellation.CANCELLED);
  }

  @Test
  void a_delivery_starts_without_waiting_for_the_schedules_next_poll() throws Exception {
    CountDownLatch polled = new CountDownLatch(1);
    RecurringTask<Void> first =
        Tasks.recurring("first", FixedDelay.of(NEVER))
            .execute((instance, context) -> polled.countDown());
    var started = new LinkedBlockingQueue<String>();
    CustomTask<Void> webhook =
        Tasks.custom(Deliveries.TASK)
            .execute(
                (instance, context) -> {
                  started.add(instance.getId());
                  return new CompletionHandler.OnCompleteRemove<>();
                });
    Scheduler schedule =
        database.schedule(webhook).startTasks(first).threads(2).pollingInterval(NEVER).build();
    database.deliveries().whenCommitted(schedule::triggerCheckForDueExecutions);
    schedule.start();
    try {
      assertThat(polled.await(1, TimeUnit.MINUTES)).isTrue();
      UUID job = awaited();

      end(job);

      UUID delivery =
          database
              .jdbc()
              .sql("select id from deliveries where job_id = ?")
              .param(job)
              .query(UUID.class)
              .single();
      assertThat(started.poll(1, TimeUnit.MINUTES)).isEqualTo(delivery.toString());
    } finally {
      schedule.stop();
    }
  }

  @Test
  void nobody_looks_for_a_delivery_before_it_is_committed() {
    AtomicInteger looks = new AtomicInteger();
    database.deliveries().whenCommitted(looks::incrementAndGet);
    UUID job = awaited();

    database
        .transaction()
        .executeWithoutResult(
            status -> {
              end(job);
              status.setRollbackOnly();
            });
    assertThat(looks).hasValue(0);

    database
        .transaction()
        .executeWithoutResult(
            status -> {
              end(job);
              assertThat(looks).hasValue(0);
            });
    assertThat(looks).hasValue(1);
  }
}
