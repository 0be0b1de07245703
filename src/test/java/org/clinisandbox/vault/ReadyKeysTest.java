package org.clinisandbox.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadyKeysTest {
  private static final Keys KEYS = Keys.generate();

  /** Remembers in which cut each key was made, and which were destroyed. */
  private static final class Memory implements ReadyKeys.Source {
    final Map<UUID, Integer> made = new ConcurrentHashMap<>();
    final Set<UUID> destroyed = ConcurrentHashMap.newKeySet();
    final AtomicInteger ended = new AtomicInteger();
    final AtomicBoolean away = new AtomicBoolean();

    @Override
    public List<JobVault> cut(int count) {
      if (away.get()) {
        throw new IllegalStateException("away");
      }
      assertThat(count).isBetween(1, ReadyKeys.MOST);
      List<JobVault> cut =
          Stream.generate(() -> new JobVault("north", UUID.randomUUID(), KEYS))
              .limit(count)
              .toList();
      int number = ended.get();
      cut.forEach(each -> made.put(each.job(), number));
      ended.incrementAndGet();
      return cut;
    }

    @Override
    public void destroy(List<UUID> jobs) {
      if (away.get()) {
        throw new IllegalStateException("away");
      }
      destroyed.addAll(jobs);
    }
  }

  private final Memory memory = new Memory();

  @Test
  void nobody_gets_the_keys_of_another_and_what_is_left_is_destroyed() throws Exception {
    ReadyKeys ready = new ReadyKeys(memory, ReadyKeys.FRESH);
    List<Future<UUID>> takes = new ArrayList<>();
    try (var callers = Executors.newFixedThreadPool(32)) {
      for (int i = 0; i < 5_000; i++) {
        takes.add(callers.submit(() -> ready.take().job()));
      }
    }
    Set<UUID> had = new HashSet<>();
    for (Future<UUID> take : takes) {
      assertThat(had.add(take.get())).isTrue();
    }

    ready.destroyUnused();

    assertThat(memory.destroyed).doesNotContainAnyElementsOf(had);
    had.addAll(memory.destroyed);
    assertThat(had).isEqualTo(memory.made.keySet());
  }

  @Test
  void many_are_stored_at_a_time_when_many_are_asked_for() {
    ReadyKeys ready = new ReadyKeys(memory, ReadyKeys.FRESH);
    for (int i = 0; i < 5_000; i++) {
      ready.take();
    }

    assertThat(memory.ended.get()).isLessThan(500);
  }

  @Test
  void one_that_is_asked_for_alone_is_stored_alone() {
    new ReadyKeys(memory, ReadyKeys.FRESH).take();

    assertThat(memory.made).hasSize(1);
  }

  @Test
  void keys_that_are_no_longer_fresh_are_destroyed_and_never_had() {
    ReadyKeys ready = new ReadyKeys(memory, Duration.ZERO);
    Set<UUID> had = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      int ended = memory.ended.get();
      UUID job = ready.take().job();
      assertThat(memory.made.get(job)).isGreaterThanOrEqualTo(ended);
      had.add(job);
    }

    // Nobody asks for it.
    while (memory.destroyed.size() + had.size() < memory.made.size()) {
      Thread.onSpinWait();
    }
    assertThat(memory.destroyed).doesNotContainAnyElementsOf(had);
  }

  @Test
  void what_is_ready_when_the_database_fails_is_destroyed_once_it_is_back() {
    ReadyKeys ready = new ReadyKeys(memory, ReadyKeys.FRESH);
    Set<UUID> had = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      had.add(ready.take().job());
    }
    memory.away.set(true);
    boolean failed = false;
    while (!failed) {
      try {
        had.add(ready.take().job());
      } catch (IllegalStateException e) {
        failed = true;
      }
    }
    int before = memory.ended.get();
    ready.destroyUnused();
    memory.away.set(false);
    UUID next = ready.take().job();
    had.add(next);

    assertThat(memory.made.get(next)).isGreaterThanOrEqualTo(before);
    ready.destroyUnused();
    assertThat(memory.destroyed).doesNotContainAnyElementsOf(had);
    had.addAll(memory.destroyed);
    assertThat(had).isEqualTo(memory.made.keySet());
  }

  @Test
  void who_waits_is_told_of_a_failure_and_who_comes_next_tries_again() {
    ReadyKeys ready = new ReadyKeys(memory, ReadyKeys.FRESH);
    memory.away.set(true);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(ready::take).isInstanceOf(IllegalStateException.class).hasMessage("away");
    }
    memory.away.set(false);

    assertThat(ready.take()).isNotNull();
  }
}
