package org.clinisandbox.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.registry.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Sandboxes that are started before their patients come.
 *
 * <p>A model that was taken once, or that {@link #keep} names, has sandboxes started for it in the
 * background, one or as many as the demand asks for. An empty pool starts one on the spot; it never
 * fails for being empty. A sandbox is given once and never comes back. Beyond the bounds the
 * sandboxes of the model that was not asked for the longest are closed. Safe for many threads.
 */
public final class WarmPool implements AutoCloseable {
  private static final int REFILLERS = 2;
  private static final Duration FORGOTTEN = Duration.ofMinutes(5);
  private static final Duration LAST_CLOSE = Duration.ofSeconds(20);

  private final Settings settings;
  private final Clock clock;
  private final ExecutorService refillers =
      Executors.newFixedThreadPool(
          REFILLERS, Thread.ofPlatform().name("warm-pool-", 0).daemon().factory());
  private final ExecutorService undertaker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("warm-pool-end").daemon().factory());

  /** Least recently asked for first. */
  private final Map<Key, Shelf> shelves = new LinkedHashMap<>(16, 0.75f, true);

  private boolean closed;

  /** What a warm sandbox is good for. */
  public record Key(Backend backend, ModelImage image, Limits limits) {}

  /**
   * The bounds of a pool.
   *
   * @param perModel how many to keep for each model at most
   * @param total how many to keep for all models together
   * @param memoryBytes what all of them together may hold
   * @param maxAge how long one may wait for its patient
   */
  public record Settings(int perModel, int total, long memoryBytes, Duration maxAge) {
    /** Up to 8 each, 64 in all, an hour. */
    public static Settings within(long memoryBytes) {
      return new Settings(8, 64, memoryBytes, Duration.ofHours(1));
    }
  }

  /**
   * A sandbox for one patient. Whoever took it closes it, or lets the pool do that.
   *
   * @param warm whether it had been started before it was asked for
   */
  public record Taken(Sandbox sandbox, boolean warm) {}

  private record Warm(Sandbox sandbox, Instant since) {}

  private static final class Shelf {
    final Deque<Warm> warm = new ArrayDeque<>();
    final Demand demand;
    int starting;

    Shelf(Instant now) {
      this.demand = new Demand(now);
    }
  }

  public WarmPool(Settings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Starts sandboxes for these models in the background, and closes those of others that nobody has
   * asked for in a while.
   */
  public void keep(Collection<Key> models) {
    forgotten(models).forEach(this::retire);
    models.forEach(this::refill);
  }

  private synchronized List<Sandbox> forgotten(Collection<Key> models) {
    List<Sandbox> useless = new ArrayList<>();
    Instant since = clock.instant().minus(FORGOTTEN);
    shelves
        .entrySet()
        .removeIf(
            shelf -> {
              boolean forgotten =
                  !models.contains(shelf.getKey())
                      && shelf.getValue().starting == 0
                      && shelf.getValue().demand.last().isBefore(since);
              shelf
                  .getValue()
                  .warm
                  .removeIf(
                      warm -> {
                        boolean goes = forgotten || !isFresh(warm);
                        if (goes) {
                          useless.add(warm.sandbox());
                        }
                        return goes;
                      });
              return forgotten;
            });
    return useless;
  }

  /**
   * A ready sandbox, never given before.
   *
   * @throws SandboxException when none was warm and the backend could not start one
   */
  public Taken take(Key model) throws SandboxException {
    Sandbox warm = takeWarm(model);
    refill(model);
    return warm != null
        ? new Taken(warm, true)
        : new Taken(model.backend().start(model.image(), model.limits()), false);
  }

  /** Closes a sandbox in the background: whoever has its answer need not wait for that. */
  public void retire(Sandbox used) {
    try {
      undertaker.execute(used::close);
    } catch (RejectedExecutionException e) {
      used.close();
    }
  }

  private synchronized @Nullable Sandbox takeWarm(Key model) {
    Shelf shelf = shelf(model);
    shelf.demand.asked(clock.instant());
    while (!shelf.warm.isEmpty()) {
      Warm next = shelf.warm.removeFirst();
      if (isFresh(next)) {
        return next.sandbox();
      }
      retire(next.sandbox());
    }
    return null;
  }

  private boolean isFresh(Warm warm) {
    return warm.sandbox().isWaiting()
        && warm.since().plus(settings.maxAge()).isAfter(clock.instant());
  }

  private synchronized Shelf shelf(Key model) {
    if (closed) {
      throw new IllegalStateException("the pool is closed");
    }
    return shelves.computeIfAbsent(model, key -> new Shelf(clock.instant()));
  }

  private synchronized void refill(Key model) {
    Shelf shelf = shelf(model);
    int target = shelf.demand.target(settings.perModel(), clock.instant());
    while (shelf.warm.size() + shelf.starting < target) {
      shelf.starting++;
      refillers.execute(() -> start(model));
    }
  }

  /** A model that does not start is left alone until it is asked for again, which tells why. */
  private void start(Key model) {
    Sandbox started = null;
    try {
      started = model.backend().start(model.image(), model.limits());
    } catch (SandboxException e) {
      // Said to whoever takes next: that start is cold and fails the same way.
    } finally {
      shelve(model, started).forEach(Sandbox::close);
    }
  }

  /** Puts a started sandbox away; what has to be closed for it. */
  private synchronized List<Sandbox> shelve(Key model, @Nullable Sandbox started) {
    Shelf shelf = shelves.get(model);
    if (shelf != null) {
      shelf.starting--;
    }
    if (started == null) {
      return List.of();
    }
    if (shelf == null || closed) {
      return List.of(started);
    }
    shelf.demand.started(started.readyTime());
    shelf.warm.addLast(new Warm(started, clock.instant()));
    return evict();
  }

  private List<Sandbox> evict() {
    List<Sandbox> evicted = new ArrayList<>();
    int count = 0;
    long bytes = 0;
    for (Shelf shelf : shelves.values()) {
      count += shelf.warm.size();
      bytes += shelf.warm.stream().mapToLong(warm -> warm.sandbox().heldBytes()).sum();
    }
    Iterator<Shelf> oldest = shelves.values().iterator();
    while ((count > settings.total() || bytes > settings.memoryBytes()) && oldest.hasNext()) {
      Deque<Warm> shelf = oldest.next().warm;
      while (!shelf.isEmpty() && (count > settings.total() || bytes > settings.memoryBytes())) {
        Sandbox sandbox = shelf.removeFirst().sandbox();
        count--;
        bytes -= sandbox.heldBytes();
        evicted.add(sandbox);
      }
    }
    return evicted;
  }

  /** How many sandboxes wait now. */
  public synchronized int size() {
    return shelves.values().stream().mapToInt(shelf -> shelf.warm.size()).sum();
  }

  /** Closes all that wait, all that were handed back, and all that are being started. */
  @Override
  public void close() {
    List<Sandbox> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Shelf shelf : shelves.values()) {
        shelf.warm.forEach(warm -> all.add(warm.sandbox()));
        shelf.warm.clear();
      }
    }
    refillers.shutdownNow();
    all.forEach(Sandbox::close);
    undertaker.shutdown();
    try {
      undertaker.awaitTermination(LAST_CLOSE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
