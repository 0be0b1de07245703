package org.clinisandbox.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Two ways to load a server, each with what came of it. */
final class Clients {
  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);
  private static final int DIGITS = 3;

  /**
   * A server that has fallen so far behind is not sent more at once, as a machine has only so many
   * ports.
   */
  private static final int CONNECTIONS = 1_000;

  private Clients() {}

  /** Sends one request; completes with its status when what was asked for is there. */
  interface Exchange {
    CompletableFuture<Integer> send();
  }

  /**
   * What came of a round.
   *
   * @param micros of the answers that were expected
   * @param errors how many of every other status, or exception
   * @param processorMicros of the server's processes for each answer; NaN when nobody looked
   */
  record Round(
      Instant from,
      Instant to,
      double rate,
      Histogram micros,
      Map<String, LongAdder> errors,
      double processorMicros) {
    Round with(double processorSeconds) {
      double each = processorSeconds * 1e6 / micros.getTotalCount();
      return new Round(from, to, rate, micros, errors, each);
    }
  }

  static Histogram histogram() {
    return new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
  }

  /**
   * Clients that send their next request when the last was answered: the most that a server does.
   */
  static Round closed(Exchange exchange, int expected, int clients, int seconds) throws Exception {
    Tally tally = new Tally(expected);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    Callable<Void> client =
        () -> {
          while (System.nanoTime() < end) {
            long begin = System.nanoTime();
            exchange.send().handle((status, failed) -> tally.count(begin, status, failed)).join();
          }
          return null;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(Collections.nCopies(clients, client))) {
        done.get();
      }
    }
    return tally.round();
  }

  /**
   * Requests at fixed times, answered or not. A request's time begins when it was due, so one that
   * waits behind a slow one, here or there, has its waiting counted.
   */
  static Round open(Exchange exchange, int expected, double rate, int seconds)
      throws InterruptedException {
    Tally tally = new Tally(expected);
    List<CompletableFuture<Boolean>> sent = new ArrayList<>();
    Semaphore connections = new Semaphore(CONNECTIONS);
    long begin = System.nanoTime();
    for (long i = 0; i < (long) (rate * seconds); i++) {
      long due = begin + (long) (i * 1e9 / rate);
      for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      connections.acquire();
      sent.add(
          exchange
              .send()
              .handle(
                  (status, failed) -> {
                    connections.release();
                    return tally.count(due, status, failed);
                  }));
    }
    sent.forEach(CompletableFuture::join);
    return tally.round();
  }

  private static final class Tally {
    private final int expected;
    private final Histogram micros = histogram();
    private final Map<String, LongAdder> errors = new ConcurrentSkipListMap<>();
    private final Instant from = Instant.now();
    private final long begin = System.nanoTime();

    Tally(int expected) {
      this.expected = expected;
    }

    boolean count(long since, @Nullable Integer status, @Nullable Throwable failed) {
      if (status != null && status == expected) {
        micros.recordValue(Math.min(LONGEST_MICROS, (System.nanoTime() - since) / 1000));
        return true;
      }
      errors.computeIfAbsent(name(status, failed), _ -> new LongAdder()).increment();
      return false;
    }

    private static String name(@Nullable Integer status, @Nullable Throwable failed) {
      Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
      return cause == null ? "status " + status : cause.getClass().getSimpleName();
    }

    Round round() {
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new Round(
          from, Instant.now(), micros.getTotalCount() / seconds, micros, errors, Double.NaN);
    }
  }
}
