package org.clinisandbox.vault;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys for a tenant's next jobs, on the disk before somebody asks for them: about as many as were
 * asked for in a second. Many are stored by one commit, so that under load a job waits for its own
 * commit only. Who finds none waits until some are stored, and is given one of those.
 *
 * <p>Keys that nobody took while they were fresh are destroyed: a key database that goes back in
 * time, by a failover or a restored copy, must not have lost the keys of jobs that are yet to be
 * accepted.
 */
final class ReadyKeys {
  /** For how long keys may be taken, unless told otherwise. */
  static final Duration FRESH = Duration.ofSeconds(5);

  /** How many are kept, and how many are stored at a time, at most. */
  static final int MOST = 256;

  /** Where keys come from and go to. */
  interface Source {
    /** So many new ones; they are on the disk when this returns. */
    List<JobVault> cut(int count);

    void destroy(List<UUID> jobs);
  }

  /**
   * @param nanos the clock that only goes on, since when they are there
   * @param millis the clock that goes on while the machine is paused
   */
  private record Ready(JobVault keys, long nanos, long millis) {}

  private static final Logger LOG = LoggerFactory.getLogger(ReadyKeys.class);

  private final Source source;
  private final Duration fresh;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Deque<Ready> ready = new ArrayDeque<>();
  private final Deque<CompletableFuture<JobVault>> waiting = new ArrayDeque<>();
  private final List<UUID> stale = new ArrayList<>();
  private boolean cutting;
  private boolean watched;

  /** Whether unused keys could be destroyed when that was last tried. */
  private volatile boolean healthy = true;

  private long second;
  private int takes;
  private int takesBefore;

  ReadyKeys(Source source, Duration fresh) {
    this.source = source;
    this.fresh = fresh;
  }

  /**
   * The keys of a job.
   *
   * @throws RuntimeException what storing them failed with
   */
  JobVault take() {
    CompletableFuture<JobVault> keys = new CompletableFuture<>();
    lock.lock();
    try {
      countTake();
      setStaleAside();
      Ready first = ready.poll();
      if (first == null) {
        waiting.add(keys);
      } else {
        keys.complete(first.keys());
      }
      if (!cutting && wanted() > 0) {
        cutting = true;
        start(this::cut);
      }
    } finally {
      lock.unlock();
    }
    return KeyThreads.join(keys);
  }

  /** Destroys what nobody took. */
  void destroyUnused() {
    lock.lock();
    try {
      while (cutting) {
        idle.awaitUninterruptibly();
      }
      setAllAside();
    } finally {
      lock.unlock();
    }
    destroyStale();
  }

  private static void start(Runnable work) {
    Thread.ofVirtual().name("ready-keys").start(work);
  }

  private void countTake() {
    long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    if (now != second) {
      takesBefore = now == second + 1 ? takes : 0;
      takes = 0;
      second = now;
    }
    takes++;
  }

  /** How many to cut now; none while half of what a second takes is there. */
  private int wanted() {
    int target = Math.min(MOST, Math.max(takes - 1, takesBefore));
    int missing = 2 * ready.size() < target ? target - ready.size() : 0;
    return Math.min(MOST, waiting.size() + missing);
  }

  private void cut() {
    for (int count = next(); count > 0; count = next()) {
      try {
        handOut(source.cut(count));
      } catch (Throwable e) {
        fail(e);
        return;
      }
    }
  }

  /** None when this is to end. */
  private int next() {
    lock.lock();
    try {
      int count = wanted();
      if (count == 0) {
        ended();
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    cutting = false;
    idle.signalAll();
  }

  private void handOut(List<JobVault> cut) {
    lock.lock();
    try {
      long nanos = System.nanoTime();
      long millis = System.currentTimeMillis();
      for (JobVault keys : cut) {
        CompletableFuture<JobVault> first = waiting.poll();
        if (first == null) {
          ready.add(new Ready(keys, nanos, millis));
        } else {
          first.complete(keys);
        }
      }
      if (!ready.isEmpty() && !watched) {
        watched = true;
        start(this::watch);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Who waits is told; who comes next tries again. What is ready may be of a key database that is
   * no more.
   */
  private void fail(Throwable failure) {
    lock.lock();
    try {
      setAllAside();
      waiting.forEach(each -> each.completeExceptionally(failure));
      waiting.clear();
      ended();
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    do {
      LockSupport.parkNanos(fresh.toNanos());
    } while (destroyStale());
  }

  private void setStaleAside() {
    while (!ready.isEmpty() && !isFresh(ready.peek())) {
      stale.add(ready.remove().keys().job());
    }
  }

  private boolean isFresh(Ready first) {
    return System.nanoTime() - first.nanos() < fresh.toNanos()
        && System.currentTimeMillis() - first.millis() < fresh.toMillis();
  }

  private void setAllAside() {
    ready.forEach(each -> stale.add(each.keys().job()));
    ready.clear();
  }

  /** True while there is something left to watch. */
  private boolean destroyStale() {
    List<UUID> unused = takeStale();
    if (!unused.isEmpty()) {
      try {
        source.destroy(unused);
        healthy = true;
      } catch (RuntimeException e) {
        if (healthy) {
          LOG.warn("Keys that nobody used wait to be destroyed: {}", e.getClass().getSimpleName());
        }
        healthy = false;
        putBack(unused);
      }
    }
    lock.lock();
    try {
      watched = !ready.isEmpty() || !stale.isEmpty();
      return watched;
    } finally {
      lock.unlock();
    }
  }

  private List<UUID> takeStale() {
    lock.lock();
    try {
      setStaleAside();
      List<UUID> taken = List.copyOf(stale);
      stale.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void putBack(List<UUID> unused) {
    lock.lock();
    try {
      stale.addAll(unused);
    } finally {
      lock.unlock();
    }
  }
}
