package org.clinisandbox.sandbox.guest;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does something at its time unless it was closed before. */
public final class Deadline implements AutoCloseable {
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private final ScheduledFuture<?> alarm;
  private volatile boolean passed;

  private Deadline(Duration after, Runnable action) {
    this.alarm =
        CLOCK.schedule(
            () -> {
              passed = true;
              action.run();
            },
            after.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("deadlines").daemon().factory());
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }

  /** The action must not wait for anything: all deadlines share one thread. */
  public static Deadline of(Duration after, Runnable action) {
    return new Deadline(after, action);
  }

  public boolean hasPassed() {
    return passed;
  }

  @Override
  public void close() {
    alarm.cancel(false);
  }
}
