package org.clinisandbox.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stores items of many callers together, so that under load many share one commit. There is no
 * timer: a batch is what came while the batches before it were being committed, and an item that
 * comes alone goes alone, at once.
 *
 * <p>A caller returns when its own item's outcome is known, and only then, interrupted or not:
 * whoever gave up would not know whether it was stored. Batches are committed by threads of their
 * own, which no caller's interruption reaches. When a batch fails and one item may be to blame, its
 * items are stored one by one, each by a thread of its own, and the next batch goes on.
 *
 * @param <T> what is stored
 * @param <R> what storing one item comes to
 */
public final class GroupCommit<T, R> implements AutoCloseable {
  /** Stores all items of a batch or none. */
  public interface Store<T, R> {
    /**
     * Returns when the items are stored for good.
     *
     * @return an outcome for each, in their order
     */
    List<R> commit(List<T> items);

    /** Stores an item by itself, after a batch with it failed. It may take longer. */
    default R alone(T item) {
      return commit(List.of(item)).getFirst();
    }
  }

  private final Store<T, R> store;
  private final Predicate<RuntimeException> oneMayBeToBlame;
  private final Batching batching;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Deque<Waiting<T, R>> queue = new ArrayDeque<>();
  private int lanes;
  private int callers;
  private boolean closed;

  /**
   * @param oneMayBeToBlame whether a batch that failed so is tried again item by item; never true
   *     of one that leaves open whether the batch was stored
   */
  public GroupCommit(
      Store<T, R> store, Predicate<RuntimeException> oneMayBeToBlame, Batching batching) {
    this.store = store;
    this.oneMayBeToBlame = oneMayBeToBlame;
    this.batching = batching;
  }

  /**
   * Stores an item, alone or with others.
   *
   * @throws RuntimeException what storing it failed with
   */
  public R commit(T item) {
    Waiting<T, R> waiting = new Waiting<>(item);
    if (enqueue(waiting)) {
      start(this::lane);
    }
    try {
      return switch (waiting.await()) {
        case Outcome.Stored<R>(R result) -> result;
        case Outcome.Failed<R>(RuntimeException failure) -> throw failure;
      };
    } finally {
      left();
    }
  }

  private static void start(Runnable work) {
    Thread.ofVirtual().name("group-commit").start(work);
  }

  /** True when a further lane is to be started for it. */
  private boolean enqueue(Waiting<T, R> waiting) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("Nothing more is stored: the process is ending.");
      }
      callers++;
      queue.add(waiting);
      if (lanes == batching.lanes()) {
        return false;
      }
      lanes++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void left() {
    lock.lock();
    try {
      callers--;
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void lane() {
    for (List<Waiting<T, R>> batch = next(); !batch.isEmpty(); batch = next()) {
      run(batch);
    }
  }

  /** Empty when the lane is to end. */
  private List<Waiting<T, R>> next() {
    lock.lock();
    try {
      List<Waiting<T, R>> batch = new ArrayList<>(Math.min(queue.size(), batching.most()));
      while (!queue.isEmpty() && batch.size() < batching.most()) {
        batch.add(queue.remove());
      }
      if (batch.isEmpty()) {
        lanes--;
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void run(List<Waiting<T, R>> batch) {
    try {
      List<R> results = store.commit(batch.stream().map(Waiting::item).toList());
      if (results.size() != batch.size()) {
        throw new IllegalStateException("There must be an outcome for each item.");
      }
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer(new Outcome.Stored<>(results.get(i)));
      }
    } catch (RuntimeException e) {
      if (oneMayBeToBlame.test(e)) {
        batch.forEach(each -> start(() -> alone(each)));
      } else {
        batch.forEach(each -> each.answer(new Outcome.Failed<>(e)));
      }
    } catch (Throwable e) {
      batch.forEach(each -> each.answer(failed(e)));
    }
  }

  private void alone(Waiting<T, R> waiting) {
    try {
      waiting.answer(new Outcome.Stored<>(store.alone(waiting.item())));
    } catch (RuntimeException e) {
      waiting.answer(new Outcome.Failed<>(e));
    } catch (Throwable e) {
      waiting.answer(failed(e));
    }
  }

  private static <R> Outcome<R> failed(Throwable e) {
    return new Outcome.Failed<>(new IllegalStateException("An item could not be stored.", e));
  }

  /** Takes nothing more, and returns when everybody who came before has an answer. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      while (callers > 0) {
        idle.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many are in the queue, not begun. */
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private sealed interface Outcome<R> {
    record Stored<R>(R result) implements Outcome<R> {}

    record Failed<R>(RuntimeException failure) implements Outcome<R> {}
  }

  /** A caller's item, and the caller that waits for its outcome. */
  private static final class Waiting<T, R> {
    private final T item;
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile @Nullable Outcome<R> outcome;

    Waiting(T item) {
      this.item = item;
    }

    T item() {
      return item;
    }

    void answer(Outcome<R> answer) {
      outcome = answer;
      answered.countDown();
    }

    Outcome<R> await() {
      boolean interrupted = false;
      while (true) {
        try {
          answered.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return Objects.requireNonNull(outcome);
    }
  }
}
