package org.clinisandbox.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.job.Lease;
import org.clinisandbox.job.Leases;
import org.clinisandbox.queue.Hint;
import org.clinisandbox.queue.JobQueue;
import org.clinisandbox.queue.QueueUnavailable;
import org.clinisandbox.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes hints from the queue, leases their jobs and runs them, a bounded number at a time. While
 * Redis is away it asks the database instead.
 */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(20);

  private final String name;
  private final int slots;
  private final Semaphore free;
  private final JobQueue queue;
  private final Leases leases;
  private final JobRunner runner;

  /** These stay, for what libraries keep by thread: keys are opened and results sealed here. */
  private final ExecutorService jobs;

  private final Thread loop = Thread.ofVirtual().name("worker").unstarted(this::loop);
  private volatile boolean open = true;

  /**
   * @param name this process's, as leases record it
   * @param slots jobs at a time
   */
  public Worker(String name, int slots, JobQueue queue, Leases leases, JobRunner runner) {
    this.name = name;
    this.slots = slots;
    this.free = new Semaphore(slots);
    this.queue = queue;
    this.leases = leases;
    this.runner = runner;
    this.jobs =
        Executors.newFixedThreadPool(slots, Thread.ofPlatform().daemon().name("job-", 0).factory());
  }

  /** Takes jobs from now on. */
  public void start() {
    loop.start();
  }

  private void loop() {
    boolean queueIsThere = true;
    while (open) {
      try {
        if (!free.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
          continue;
        }
        free.release();
        try {
          for (Hint hint : queue.take(free.availablePermits(), WAIT)) {
            begin(hint.job(), hint);
          }
          queueIsThere = true;
        } catch (QueueUnavailable e) {
          if (queueIsThere && open) {
            LOG.warn("Redis is not available; polling the database until it is.");
          }
          queueIsThere = false;
          for (UUID job : leases.waiting(free.availablePermits())) {
            begin(job, null);
          }
          TimeUnit.MILLISECONDS.sleep(WAIT.toMillis());
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // Mostly the database; whatever it is, the loop must go on.
        LOG.warn("No work can be taken: {}", e.getClass().getSimpleName());
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(UUID job, @Nullable Hint hint) throws InterruptedException {
    free.acquire();
    jobs.execute(
        () -> {
          try {
            Stage.LEASE.time(job, () -> lease(job, hint)).ifPresent(runner::run);
          } catch (RuntimeException e) {
            // Its lease runs out and the job is begun again.
            LOG.warn("Job {} was not brought to an end: {}", job, e.getClass().getSimpleName());
          } finally {
            free.release();
          }
        });
  }

  private Optional<Lease> lease(UUID job, @Nullable Hint hint) {
    Optional<Lease> lease = leases.lease(job, name);
    acknowledge(hint);
    return lease;
  }

  private void acknowledge(@Nullable Hint hint) {
    if (hint != null) {
      try {
        queue.acknowledge(hint);
      } catch (QueueUnavailable e) {
        // The hint comes again and finds the job taken.
      }
    }
  }

  /** Takes no more work, and waits for what is running; what does not end in time is given back. */
  @Override
  public void close() {
    open = false;
    try {
      // What it has taken already is still begun; after that nothing is.
      if (loop.isAlive()) {
        loop.join(WAIT.multipliedBy(3));
      }
      if (!free.tryAcquire(slots, DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        runner.giveBackAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    jobs.shutdownNow();
  }
}
