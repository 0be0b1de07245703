package org.clinisandbox.job;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.queue.JobQueue;
import org.clinisandbox.queue.QueueUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves ids from the outbox table into the queue's stream, and finds jobs that the stream forgot.
 * An id may be published twice and never matters: the lease decides.
 */
public final class Outbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final int BATCH = 500;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final JobQueue queue;
  private final Semaphore work = new Semaphore(0);
  private volatile boolean open = true;

  public Outbox(JdbcClient jdbc, TransactionTemplate transaction, JobQueue queue) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.queue = queue;
  }

  /** Starts the thread that publishes: at once when woken, and every second in any case. */
  public Outbox start() {
    Thread.ofVirtual().name("outbox").start(this::loop);
    return this;
  }

  /** There is something to publish. */
  void wake() {
    work.release();
  }

  private void loop() {
    boolean healthy = true;
    while (open) {
      try {
        if (work.tryAcquire(1, TimeUnit.SECONDS)) {
          work.drainPermits();
        }
        while (open && publish() == BATCH) {
          // A full batch: there may be more.
        }
        healthy = true;
      } catch (InterruptedException e) {
        return;
      } catch (QueueUnavailable | RuntimeException e) {
        // Whatever it is, the rows are still there, and the loop must go on.
        if (healthy && open) {
          LOG.warn("The outbox waits: {}", e.getClass().getSimpleName());
        }
        healthy = false;
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Publishes one batch. The rows go only when Redis has the ids. The commit does not wait for the
   * disk: a row that comes back after a crash is published again.
   */
  int publish() throws QueueUnavailable {
    List<UUID> published =
        transaction.execute(
            status -> {
              List<UUID> jobs =
                  jdbc.sql(
                          """
                          delete from outbox where id in (
                            select id from outbox order by id limit ? for update skip locked)
                            and (select set_config('synchronous_commit', 'off', true)) = 'off'
                          returning job_id
                          """)
                      .param(BATCH)
                      .query((row, n) -> row.getObject(1, UUID.class))
                      .list();
              if (jobs.isEmpty()) {
                return jobs;
              }
              try {
                queue.publish(jobs);
              } catch (QueueUnavailable e) {
                status.setRollbackOnly();
                return null;
              }
              return jobs;
            });
    if (published == null) {
      // Asked again outside the transaction, for its exception.
      queue.size();
      return 0;
    }
    return published.size();
  }

  /**
   * Puts jobs back into the outbox that wait without a word in the stream: given back, their worker
   * dead, or forgotten by Redis.
   */
  public int sweep() {
    boolean streamIsEmpty = streamIsEmpty();
    int found =
        jdbc.sql(
                """
                with found as (
                  select id from jobs j
                  where (status = 'queued' and not_before <= now()
                         or status = 'running' and lease_until < now())
                    and (published_at is null
                         or published_at < now() - interval '60 seconds'
                         or :empty and published_at < now() - interval '3 seconds')
                    and not exists (select from outbox o where o.job_id = j.id)
                  limit 5000),
                told as (
                  update jobs set published_at = now() where id in (select id from found)
                  returning id)
                insert into outbox (job_id) select id from told
                """)
            .param("empty", streamIsEmpty)
            .update();
    if (found > 0) {
      wake();
    }
    return found;
  }

  private boolean streamIsEmpty() {
    try {
      return queue.size() == 0;
    } catch (QueueUnavailable e) {
      return false;
    }
  }

  @Override
  public void close() {
    open = false;
    wake();
  }
}
