package org.clinisandbox.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupCommitTest {
  /** A store whose commits each wait for a permit; it refuses batches with a number below zero. */
  private static final class Gate implements GroupCommit.Store<Integer, String> {
    final List<List<Integer>> begun = new CopyOnWriteArrayList<>();
    final List<Integer> alone = new CopyOnWriteArrayList<>();
    final Semaphore permits = new Semaphore(0);
    final Semaphore permitsAlone = new Semaphore(Integer.MAX_VALUE);
    final AtomicInteger underWay = new AtomicInteger();
    final AtomicInteger mostUnderWay = new AtomicInteger();
    final AtomicBoolean interrupted = new AtomicBoolean();

    @Override
    public List<String> commit(List<Integer> items) {
      begun.add(items);
      mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      permits.acquireUninterruptibly();
      underWay.decrementAndGet();
      if (Thread.interrupted()) {
        interrupted.set(true);
      }
      return stored(items);
    }

    @Override
    public String alone(Integer item) {
      alone.add(item);
      permitsAlone.acquireUninterruptibly();
      return stored(List.of(item)).getFirst();
    }

    private static List<String> stored(List<Integer> items) {
      for (Integer item : items) {
        if (item < 0) {
          throw new Refused(item);
        }
        if (item == LOST) {
          throw new IllegalArgumentException("lost");
        }
        if (item == ERROR) {
          throw new AssertionError("broken");
        }
      }
      return items.stream().map(item -> "stored " + item).toList();
    }
  }

  private static final class Refused extends RuntimeException {
    Refused(int item) {
      super("refused " + item);
    }
  }

  private static final int LOST = 1_000;
  private static final int ERROR = 1_001;

  private final Gate gate = new Gate();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    gate.permits.release(1_000_000);
    callers.close();
  }

  private GroupCommit<Integer, String> group(int lanes, int most) {
    return new GroupCommit<>(gate, Refused.class::isInstance, new Batching(lanes, most));
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(100_000);
    }
  }

  /** Calls in this order, each when the one before is in the queue. */
  private List<Future<String>> inOrder(GroupCommit<Integer, String> group, Integer... items) {
    List<Future<String>> calls = new ArrayList<>();
    for (Integer item : items) {
      int before = group.waiting();
      calls.add(callers.submit(() -> group.commit(item)));
      until(() -> group.waiting() > before);
    }
    return calls;
  }

  /** One is being committed, so that whoever comes now has to wait. */
  private Future<String> busy(GroupCommit<Integer, String> group) {
    Future<String> first = callers.submit(() -> group.commit(0));
    until(() -> gate.underWay.get() == 1);
    return first;
  }

  private void occupy(GroupCommit<Integer, String> group) {
    Thread.ofVirtual().start(() -> group.commit(0));
    until(() -> gate.underWay.get() == 1);
  }

  @Test
  void one_that_comes_alone_is_stored_at_once_and_alone() {
    gate.permits.release();

    assertThat(group(1, 64).commit(7)).isEqualTo("stored 7");

    assertThat(gate.begun).containsExactly(List.of(7));
  }

  @Test
  void what_comes_during_a_commit_shares_the_next_one_in_the_order_of_coming() throws Exception {
    GroupCommit<Integer, String> group = group(1, 64);
    Future<String> first = busy(group);
    List<Future<String>> others = inOrder(group, 5, 3, 4, 1, 2);

    gate.permits.release(2);

    assertThat(first.get()).isEqualTo("stored 0");
    for (Future<String> other : others) {
      assertThat(other.get()).startsWith("stored ");
    }
    assertThat(others.get(3).get()).isEqualTo("stored 1");
    assertThat(gate.begun).containsExactly(List.of(0), List.of(5, 3, 4, 1, 2));
  }

  @Test
  void nobody_has_an_answer_before_the_commit() throws Exception {
    GroupCommit<Integer, String> group = group(1, 64);
    Future<String> first = busy(group);
    List<Future<String>> others = inOrder(group, 1, 2);

    assertThat(first.isDone()).isFalse();
    gate.permits.release();
    first.get();
    until(() -> gate.begun.size() == 2 && gate.underWay.get() == 1);

    assertThat(others).noneMatch(Future::isDone);
  }

  @Test
  void a_bad_one_does_not_fail_its_neighbours() throws Exception {
    GroupCommit<Integer, String> group = group(1, 64);
    Future<String> first = busy(group);
    List<Future<String>> others = inOrder(group, 1, -2, 3);

    gate.permits.release(2);

    assertThat(first.get()).isEqualTo("stored 0");
    assertThat(others.get(0).get()).isEqualTo("stored 1");
    assertThat(others.get(2).get()).isEqualTo("stored 3");
    assertThatThrownBy(() -> others.get(1).get()).hasCauseInstanceOf(Refused.class);
    assertThat(gate.alone).containsExactlyInAnyOrder(1, -2, 3);
  }

  @Test
  void one_that_is_stored_alone_holds_up_no_batch() throws Exception {
    gate.permitsAlone.drainPermits();
    GroupCommit<Integer, String> group = group(1, 64);
    occupy(group);
    Future<String> bad = inOrder(group, -1).getFirst();
    gate.permits.release(3);
    until(() -> gate.alone.contains(-1));

    assertThat(callers.submit(() -> group.commit(2)).get()).isEqualTo("stored 2");

    assertThat(bad.isDone()).isFalse();
    gate.permitsAlone.release();
    assertThatThrownBy(bad::get).hasCauseInstanceOf(Refused.class);
  }

  @Test
  void a_batch_of_which_nobody_knows_whether_it_was_stored_is_not_tried_again() {
    GroupCommit<Integer, String> group = group(1, 64);
    occupy(group);
    List<Future<String>> others = inOrder(group, 1, LOST);

    gate.permits.release(2);

    for (Future<String> other : others) {
      assertThatThrownBy(other::get).hasRootCauseMessage("lost");
    }
    assertThat(gate.alone).isEmpty();
    assertThat(gate.begun).hasSize(2);
  }

  @Test
  void an_error_is_everybodys_answer_and_the_lane_goes_on() throws Exception {
    GroupCommit<Integer, String> group = group(1, 64);
    occupy(group);
    List<Future<String>> others = inOrder(group, ERROR, 1);
    gate.permits.release(3);

    for (Future<String> other : others) {
      assertThatThrownBy(other::get).hasRootCauseMessage("broken");
    }
    assertThat(callers.submit(() -> group.commit(2)).get()).isEqualTo("stored 2");
  }

  @Test
  void a_store_that_answers_for_too_few_fails_them_all() {
    var group = new GroupCommit<Integer, String>(_ -> List.of(), _ -> false, new Batching(1, 64));

    assertThatIllegalStateException().isThrownBy(() -> group.commit(1));
  }

  @Test
  void an_interrupted_caller_gets_its_answer_and_stays_interrupted() throws Exception {
    GroupCommit<Integer, String> group = group(1, 64);
    AtomicBoolean stayed = new AtomicBoolean();
    List<String> answer = new CopyOnWriteArrayList<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  answer.add(group.commit(1));
                  stayed.set(Thread.currentThread().isInterrupted());
                });
    until(() -> gate.underWay.get() == 1);
    List<Future<String>> neighbours = inOrder(group, 2, 3);

    caller.interrupt();
    gate.permits.release(2);
    caller.join();

    assertThat(answer).containsExactly("stored 1");
    assertThat(stayed).isTrue();
    for (Future<String> neighbour : neighbours) {
      assertThat(neighbour.get()).startsWith("stored");
    }
    assertThat(gate.interrupted).isFalse();
  }

  @Test
  void the_end_waits_for_everybody_who_came_and_takes_nobody_more() throws Exception {
    GroupCommit<Integer, String> group = group(1, 1);
    occupy(group);
    List<Future<String>> others = inOrder(group, 1, -2);
    Future<?> end = callers.submit(group::close);
    until(group::isClosed);

    assertThatIllegalStateException().isThrownBy(() -> group.commit(9));
    gate.permits.release(2);
    others.getFirst().get();
    assertThat(end.isDone()).isFalse();
    gate.permits.release();
    end.get();

    assertThat(others).allMatch(Future::isDone);
    assertThat(gate.begun).containsExactly(List.of(0), List.of(1), List.of(-2));
  }

  @Test
  void batches_and_lanes_keep_their_bounds() throws Exception {
    GroupCommit<Integer, String> group = group(3, 4);
    List<Future<String>> calls = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      int item = i;
      calls.add(callers.submit(() -> group.commit(item)));
    }
    until(() -> gate.underWay.get() == 3);
    gate.permits.release(40);
    for (Future<String> call : calls) {
      call.get();
    }

    assertThat(gate.mostUnderWay).hasValue(3);
    assertThat(gate.begun).allMatch(batch -> batch.size() <= 4);
    assertThat(gate.begun.stream().mapToInt(List::size).sum()).isEqualTo(40);
  }

  @Test
  void in_a_storm_each_gets_its_own_answer_and_is_stored_once() throws Exception {
    Set<Integer> stored = ConcurrentHashMap.newKeySet();
    List<Integer> twice = new CopyOnWriteArrayList<>();
    GroupCommit.Store<Integer, Integer> store =
        items -> {
          if (items.size() > 1 && items.stream().anyMatch(item -> item % 97 == 0)) {
            throw new Refused(items.getFirst());
          }
          items.stream().filter(item -> !stored.add(item)).forEach(twice::add);
          return items.stream().map(item -> item * 2).toList();
        };
    var group =
        new GroupCommit<Integer, Integer>(store, Refused.class::isInstance, new Batching(2, 8));
    List<Callable<Integer>> calls = new ArrayList<>();
    IntStream.range(0, 5_000).forEach(item -> calls.add(() -> group.commit(item)));
    Collections.shuffle(calls, new java.util.Random(1));

    long sum = 0;
    for (Future<Integer> call : callers.invokeAll(calls)) {
      sum += call.get();
    }

    assertThat(sum).isEqualTo(5_000L * 4_999);
    assertThat(stored).hasSize(5_000);
    assertThat(twice).isEmpty();
  }
}
