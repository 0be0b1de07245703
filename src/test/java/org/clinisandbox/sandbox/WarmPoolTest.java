package org.clinisandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clinisandbox.sandbox.TestModels.LIMITS;
import static org.clinisandbox.sandbox.TestModels.request;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.clinisandbox.sandbox.WarmPool.Settings;
import org.clinisandbox.sandbox.WarmPool.Taken;
import org.clinisandbox.sandbox.wasm.WasmBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarmPoolTest {
  private static final WasmBackend BACKEND = TestHost.WASM;
  private static final Settings SETTINGS = new Settings(1, 32, 1L << 30, Duration.ofHours(1));
  private static final WarmPool.Key NEWS2 = new WarmPool.Key(BACKEND, TestModels.news2(), LIMITS);
  private static final WarmPool.Key CRASH =
      new WarmPool.Key(BACKEND, TestModels.hostile("crash"), LIMITS);
  private static final WarmPool.Key NO_READY =
      new WarmPool.Key(BACKEND, TestModels.hostile("no-ready"), LIMITS);

  private final SettableClock clock = new SettableClock();

  @Test
  void an_empty_pool_starts_cold_and_is_warm_for_the_next_patient() throws Exception {
    try (WarmPool pool = new WarmPool(SETTINGS, clock)) {
      try (Sandbox first = taken(pool, NEWS2, false)) {
        assertThat(first.isWaiting()).isTrue();
      }
      await(() -> pool.size() == 1);
      taken(pool, NEWS2, true).close();
      await(() -> pool.size() == 1);
    }
  }

  @Test
  void a_model_that_is_kept_is_warm_for_its_first_patient() throws Exception {
    try (WarmPool pool = new WarmPool(SETTINGS, clock)) {
      pool.keep(Set.of(NEWS2, CRASH));
      await(() -> pool.size() == 2);
      taken(pool, NEWS2, true).close();
      taken(pool, CRASH, true).close();
    }
  }

  @Test
  void no_sandbox_is_given_twice() throws Exception {
    Settings three = new Settings(3, 32, 1L << 30, Duration.ofHours(1));
    Set<Sandbox> given = ConcurrentHashMap.newKeySet();
    try (WarmPool pool = new WarmPool(three, clock);
        var patients = Executors.newVirtualThreadPerTaskExecutor()) {
      pool.keep(Set.of(NEWS2));
      await(() -> pool.size() == 1);
      Callable<Answer> patient =
          () -> {
            try (Sandbox sandbox = pool.take(NEWS2).sandbox()) {
              given.add(sandbox);
              return sandbox.ask(request("{}"));
            }
          };
      for (Future<Answer> answer : patients.invokeAll(Collections.nCopies(100, patient))) {
        assertThat(answer.get().runTime()).isPositive();
      }
    }
    assertThat(given).hasSize(100);
  }

  @Test
  void a_sandbox_that_has_waited_too_long_is_closed_and_not_given() throws Exception {
    try (WarmPool pool = new WarmPool(SETTINGS, clock)) {
      pool.keep(Set.of(NEWS2));
      await(() -> pool.size() == 1);
      clock.advance(Duration.ofHours(1));
      taken(pool, NEWS2, false).close();
    }
  }

  @Test
  void a_sandbox_that_died_while_it_waited_is_not_given() throws Exception {
    TestingBackend testing = new TestingBackend();
    WarmPool.Key key = new WarmPool.Key(testing, TestModels.news2(), LIMITS);
    try (WarmPool pool = new WarmPool(SETTINGS, clock)) {
      pool.keep(Set.of(key));
      await(() -> pool.size() == 1);
      testing.started.forEach(Sandbox::close);
      try (Sandbox next = taken(pool, key, false)) {
        assertThat(next.isWaiting()).isTrue();
      }
    }
  }

  @Test
  void beyond_its_number_or_its_memory_the_pool_closes_the_model_asked_for_longest_ago()
      throws Exception {
    TestingBackend testing = new TestingBackend();
    WarmPool.Key old = new WarmPool.Key(testing, TestModels.news2(), LIMITS);
    for (Settings tight :
        List.of(
            new Settings(1, 1, 1L << 30, Duration.ofHours(1)),
            new Settings(1, 32, 3L << 19, Duration.ofHours(1)))) {
      testing.started.clear();
      try (WarmPool pool = new WarmPool(tight, clock)) {
        pool.keep(Set.of(old));
        await(() -> pool.size() == 1);
        pool.keep(Set.of(CRASH));
        await(() -> testing.started.stream().noneMatch(Sandbox::isWaiting));
        assertThat(pool.size()).isEqualTo(1);
        taken(pool, CRASH, true).close();
      }
    }
  }

  @Test
  void a_model_that_does_not_start_says_so_to_whoever_takes_it() throws Exception {
    try (WarmPool pool = new WarmPool(SETTINGS, clock)) {
      pool.keep(Set.of(NO_READY));
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> pool.take(NO_READY)).isInstanceOf(SandboxException.class);
      }
      assertThat(pool.size()).isZero();
    }
  }

  @Test
  void closing_the_pool_closes_all_that_wait() throws Exception {
    TestingBackend testing = new TestingBackend();
    WarmPool.Key key = new WarmPool.Key(testing, TestModels.news2(), LIMITS);
    WarmPool pool = new WarmPool(SETTINGS, clock);
    pool.keep(Set.of(key));
    await(() -> pool.size() == 1);
    pool.close();
    assertThat(testing.started).hasSize(1).noneMatch(Sandbox::isWaiting);
    assertThat(pool.size()).isZero();
    assertThatThrownBy(() -> pool.take(key)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void what_is_being_started_when_the_pool_closes_is_closed_too() throws Exception {
    TestingBackend testing = new TestingBackend();
    testing.gate = new CountDownLatch(1);
    WarmPool.Key key = new WarmPool.Key(testing, TestModels.news2(), LIMITS);
    WarmPool pool = new WarmPool(SETTINGS, clock);
    pool.keep(Set.of(key));
    await(() -> testing.started.size() == 1);
    pool.close();
    testing.gate.countDown();
    await(() -> testing.started.stream().noneMatch(Sandbox::isWaiting));
    assertThat(pool.size()).isZero();
  }

  private static Sandbox taken(WarmPool pool, WarmPool.Key key, boolean warm)
      throws SandboxException {
    Taken taken = pool.take(key);
    assertThat(taken.warm()).isEqualTo(warm);
    return taken.sandbox();
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertThat(Thread.interrupted()).as("the test's time is up").isFalse();
      Thread.onSpinWait();
    }
  }

  /** The wasm backend; remembers what it started and can hold it back. */
  private static final class TestingBackend implements Backend {
    final Set<Sandbox> started = ConcurrentHashMap.newKeySet();
    CountDownLatch gate = new CountDownLatch(0);

    @Override
    public String name() {
      return BACKEND.name();
    }

    @Override
    public org.clinisandbox.registry.Isolation isolation() {
      return BACKEND.isolation();
    }

    @Override
    public boolean runs(ModelImage image) {
      return BACKEND.runs(image);
    }

    @Override
    public Sandbox start(ModelImage image, org.clinisandbox.registry.Limits limits)
        throws SandboxException {
      Sandbox sandbox = BACKEND.start(image, limits);
      started.add(sandbox);
      boolean open = false;
      while (!open) {
        try {
          gate.await();
          open = true;
        } catch (InterruptedException e) {
          // A start that has come this far is not called off.
        }
      }
      return sandbox;
    }

    @Override
    public Probe probe() {
      return BACKEND.probe();
    }
  }

  private static final class SettableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-11-21T08:00:00Z");

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
