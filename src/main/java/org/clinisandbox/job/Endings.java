package org.clinisandbox.job;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.queue.JobQueue;

/**
 * Tells those who wait for a job that it has ended, in whichever process it did. A word may be lost
 * with Redis, so whoever waits looks at the job's row from time to time.
 */
public final class Endings implements AutoCloseable {
  private static final long PAUSE_MILLIS = 1000;

  private final JobQueue queue;
  private final Map<UUID, Set<Watch>> watches = new ConcurrentHashMap<>();
  private final Thread listener = Thread.ofVirtual().name("endings").unstarted(this::subscribe);

  public Endings(JobQueue queue) {
    this.queue = queue;
  }

  /** Hears of the jobs that end from now on, as soon as Redis is there. */
  public Endings listen() {
    listener.start();
    return this;
  }

  private void subscribe() {
    try {
      while (!queue.onEnd(this::heard)) {
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void heard(UUID job) {
    watches.getOrDefault(job, Set.of()).forEach(watch -> watch.words.release());
  }

  /** A job's end was committed. */
  void ended(UUID job) {
    queue.tellEnd(job);
  }

  /** Watches for a job's end until it is closed. */
  public Watch watch(UUID job) {
    Watch watch = new Watch(job);
    watches.compute(
        job,
        (_, others) -> {
          Set<Watch> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(watch);
          return all;
        });
    return watch;
  }

  /** One who waits. */
  public final class Watch implements AutoCloseable {
    private final UUID job;
    private final Semaphore words = new Semaphore(0);

    private Watch(UUID job) {
      this.job = job;
    }

    /** Returns when the job is said to have ended, or after this time. */
    public void await(Duration time) throws InterruptedException {
      if (words.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
        words.drainPermits();
      }
    }

    @Override
    public void close() {
      watches.computeIfPresent(
          job,
          (_, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }

  @Override
  public void close() {
    listener.interrupt();
  }
}
