package org.clinisandbox.job;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.clinisandbox.queue.JobQueue;
import org.clinisandbox.queue.QueueUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts the ids of waiting jobs into the queue's stream: of new ones once their rows are committed,
 * of others when a sweep finds that the stream does not know them. Nothing depends on an id being
 * published once, or at all: the row decides, and the sweep finds what was lost with a process or
 * with Redis.
 */
public final class Hints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Hints.class);
  private static final int BATCH = 500;
  private static final long PAUSE_MILLIS = 500;

  /** While Redis is away so many are kept to be published; the sweep finds the others. */
  private static final int KEPT = 10_000;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final JobQueue queue;
  private final BlockingQueue<UUID> committed = new LinkedBlockingQueue<>(KEPT);
  private final Thread publisher = Thread.ofVirtual().name("hints").unstarted(this::publish);

  public Hints(JdbcClient jdbc, TransactionTemplate transaction, JobQueue queue) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.queue = queue;
  }

  /** Starts the thread that publishes. */
  public Hints start() {
    publisher.start();
    return this;
  }

  /** A job was committed. */
  void committed(UUID job) {
    boolean _ = committed.offer(job);
  }

  private void publish() {
    publishLeftovers();
    List<UUID> jobs = new ArrayList<>();
    boolean healthy = true;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        if (jobs.isEmpty()) {
          jobs.add(committed.take());
          committed.drainTo(jobs, BATCH - 1);
        }
        queue.publish(jobs);
        jobs.clear();
        healthy = true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (QueueUnavailable | RuntimeException e) {
        // Whatever it is, the loop must go on.
        if (healthy) {
          LOG.warn("Hints wait: {}", e.getClass().getSimpleName());
        }
        healthy = false;
        pause();
      }
    }
  }

  /** What a process committed that ended before it could publish. */
  private void publishLeftovers() {
    try {
      sweep(true);
    } catch (RuntimeException e) {
      LOG.warn("Hints wait for the sweep: {}", e.getClass().getSimpleName());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Publishes jobs that wait without a hint in the stream: given back, their worker dead, or
   * forgotten by Redis. Does nothing while Redis is away.
   */
  public void sweep() {
    sweep(false);
  }

  /**
   * @param all also those whose hints are most likely on their way
   */
  private void sweep(boolean all) {
    try {
      boolean forgotten = queue.size() == 0;
      transaction.executeWithoutResult(
          status -> {
            List<UUID> found =
                jdbc.sql(
                        """
                        update jobs set published_at = now() where id in (
                          select id from jobs
                          where (status = 'queued' and not_before <= now()
                                 or status = 'running' and lease_until < now())
                            and (published_at is null
                                 or published_at < now() - interval '60 seconds'
                                 or :forgotten and published_at < now() - interval '3 seconds'
                                 or :all)
                          limit 5000 for update skip locked)
                        returning id
                        """)
                    .param("forgotten", forgotten)
                    .param("all", all)
                    .query((row, _) -> row.getObject(1, UUID.class))
                    .list();
            try {
              queue.publish(found);
            } catch (QueueUnavailable e) {
              status.setRollbackOnly();
            }
          });
    } catch (QueueUnavailable e) {
      // Workers ask the table meanwhile.
    }
  }

  @Override
  public void close() {
    publisher.interrupt();
  }
}
