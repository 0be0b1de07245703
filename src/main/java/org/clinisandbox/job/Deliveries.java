package org.clinisandbox.job;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.clinisandbox.job.JobView.DeliveryView;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Webhook messages: made in the transaction that ends a job, sent later by {@link Courier}. */
public final class Deliveries {
  /** The timed task that makes one attempt; its instance is the delivery's id. */
  static final TaskDescriptor<Void> TASK = TaskDescriptor.of("webhook");

  private final JdbcClient jdbc;
  private final SchedulerClient schedule;
  private final Endings endings;
  private final Clock clock;
  private volatile Runnable wake = () -> {};

  /**
   * @param schedule takes part in the caller's transaction
   */
  public Deliveries(JdbcClient jdbc, SchedulerClient schedule, Endings endings, Clock clock) {
    this.jdbc = jdbc;
    this.endings = endings;
    this.schedule = schedule;
    this.clock = clock;
  }

  /**
   * Has the schedule of this process look for what is due as soon as a delivery is committed. It
   * looks from time to time in any case: for retries, and for deliveries of other processes.
   */
  public void whenCommitted(Runnable wake) {
    this.wake = wake;
  }

  /**
   * Has the end of a job announced: to those who wait, and to the address that its client left, if
   * it did. Part of the ending transaction.
   */
  void announce(UUID job) {
    UUID id = UUID.randomUUID();
    int made =
        jdbc.sql(
                """
                insert into deliveries (id, job_id, tenant, type, next_attempt_at)
                select ?, id, tenant,
                  case status when 'succeeded' then 'diagnosis.completed'
                              else 'diagnosis.' || status end, now()
                from jobs where id = ? and callback is not null
                """)
            .params(id, job)
            .update();
    if (made == 1) {
      schedule.scheduleIfNotExists(TASK.instance(id.toString()).scheduledTo(clock.instant()));
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            endings.ended(job);
            if (made == 1) {
              wake.run();
            }
          }
        });
  }

  List<DeliveryView> of(UUID job) {
    return jdbc.sql("select * from deliveries where job_id = ? order by created_at, id")
        .param(job)
        .query(
            (row, n) ->
                new DeliveryView(
                    row.getObject("id", UUID.class),
                    row.getString("type"),
                    row.getString("status"),
                    row.getInt("attempts"),
                    row.getObject("response_status", Integer.class),
                    row.getString("detail"),
                    Rows.instant(row, "next_attempt_at")))
        .list();
  }
}
