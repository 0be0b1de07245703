package org.clinisandbox.sandbox.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.clinisandbox.sandbox.SandboxException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TemplatesTest {
  private static final Duration IDLE = Duration.ofMinutes(1);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final InstantSource source = () -> now;
  private final Clock clock = source.withZone(ZoneOffset.UTC);
  private final Templates templates = new Templates(250, IDLE, clock);
  private final AtomicInteger made = new AtomicInteger();

  @AfterEach
  void close() {
    templates.close();
  }

  private static Templates.Key key(String manner) {
    return new Templates.Key(MachineHost.image(manner), 1, 1);
  }

  private Template make() {
    try {
      made.incrementAndGet();
      return new Template(
          SealedMemory.of("test", new byte[100]), SealedMemory.of("test", new byte[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Template use(String manner) throws SandboxException {
    Template template = templates.use(key(manner), this::make);
    template.release();
    return template;
  }

  private static boolean isClosed(Template template) {
    boolean open = template.use();
    if (open) {
      template.release();
    }
    return !open;
  }

  @Test
  void all_who_ask_meanwhile_wait_for_the_one_that_is_being_made() throws Exception {
    CountDownLatch asked = new CountDownLatch(4);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Template>> got = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        got.add(
            threads.submit(
                () -> {
                  asked.countDown();
                  asked.await();
                  return use("a");
                }));
      }
      for (Future<Template> each : got) {
        assertThat(each.get()).isSameAs(got.getFirst().get());
      }
    }
    assertThat(made).hasValue(1);
  }

  @Test
  void other_bounds_are_another_machine() throws Exception {
    Template one = use("a");
    Template other = templates.use(new Templates.Key(MachineHost.image("a"), 2, 1), this::make);
    other.release();

    assertThat(other).isNotSameAs(one);
  }

  @Test
  void what_could_not_be_made_is_tried_again() throws Exception {
    SandboxException refused = new SandboxException(SandboxException.Kind.NOT_READY, "no");

    assertThatThrownBy(
            () ->
                templates.use(
                    key("a"),
                    () -> {
                      throw refused;
                    }))
        .isSameAs(refused);
    assertThat(use("a")).isNotNull();
  }

  @Test
  void the_least_recently_asked_for_goes_when_memory_is_short() throws Exception {
    Template a = use("a");
    Template b = use("b");
    use("a");
    Template c = use("c");

    assertThat(isClosed(b)).isTrue();
    assertThat(isClosed(a)).isFalse();
    assertThat(isClosed(c)).isFalse();
  }

  @Test
  void what_nobody_asks_for_goes_after_a_while() throws Exception {
    Template a = use("a");
    now = now.plus(IDLE.dividedBy(2));
    Template b = use("b");
    now = now.plus(IDLE.dividedBy(2)).plusSeconds(1);
    templates.dropIdle();

    assertThat(isClosed(a)).isTrue();
    assertThat(isClosed(b)).isFalse();
    assertThat(use("a")).isNotSameAs(a);
  }

  @Test
  void what_is_in_use_is_not_closed_under_its_user() throws Exception {
    Template used = templates.use(key("a"), this::make);
    Thread closer = Thread.ofPlatform().start(templates::close);
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    assertThat(used.memory().file()).exists();
    used.release();
    closer.join();
    assertThat(used.memory().file()).doesNotExist();
  }

  @Test
  void after_the_end_nothing_is_made() {
    templates.close();

    assertThatThrownBy(() -> use("a")).isInstanceOf(IllegalStateException.class);
    assertThat(made).hasValue(0);
  }
}
