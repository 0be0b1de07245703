package org.clinisandbox.sandbox.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.junit.jupiter.api.Test;

class TemplatesTest {
  private final List<String> dropped = new ArrayList<>();
  private final Templates<Frozen> templates = new Templates<>(2);

  private record Frozen(String name, List<String> dropped) implements Templates.Template {
    @Override
    public void close() {
      dropped.add(name);
    }
  }

  private static Templates.Key key(String name) {
    return new Templates.Key(
        new ModelImage.Container(
            name, Path.of("/"), List.of(), List.of(), "/", Protocol.JSON_LINES, name, "{}"),
        1,
        1);
  }

  private Templates<Frozen>.Lease take(String name) throws SandboxException {
    return templates.take(key(name), () -> new Frozen(name, dropped));
  }

  @Test
  void one_builds_and_others_wait() throws Exception {
    AtomicInteger built = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(3);
    Callable<Frozen> one =
        () -> {
          all.countDown();
          try (var lease =
              templates.take(
                  key("a"),
                  () -> {
                    try {
                      all.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                    return new Frozen("a" + built.incrementAndGet(), dropped);
                  })) {
            return lease.template();
          }
        };

    try (var threads = Executors.newFixedThreadPool(3)) {
      for (var taken : threads.invokeAll(List.of(one, one, one))) {
        assertThat(taken.get().name()).isEqualTo("a1");
      }
    }
  }

  @Test
  void the_one_that_was_used_least_recently_is_dropped() throws Exception {
    take("a").close();
    take("b").close();
    take("a").close();
    take("c").close();

    assertThat(dropped).containsExactly("b");
  }

  @Test
  void what_is_in_use_stays() throws Exception {
    try (var first = take("a")) {
      take("b").close();
      take("c").close();

      assertThat(first.template().name()).isEqualTo("a");
      assertThat(dropped).containsExactly("b");
      templates.close();
      assertThat(dropped).containsExactly("b", "c");
    }

    assertThat(dropped).containsExactly("b", "c", "a");
    assertThatThrownBy(() -> take("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_failure_is_told_and_not_kept() throws Exception {
    assertThatThrownBy(
            () ->
                templates.take(
                    key("a"),
                    () -> {
                      throw new SandboxException(Kind.NOT_READY, "No.");
                    }))
        .isInstanceOf(SandboxException.class)
        .hasMessage("No.");

    assertThat(take("a").template().name()).isEqualTo("a");
  }

  @Test
  void the_bound_is_one_of_weight() throws Exception {
    record Heavy(String name, List<String> dropped) implements Templates.Template {
      @Override
      public long weight() {
        return 100;
      }

      @Override
      public void close() {
        dropped.add(name);
      }
    }
    try (Templates<Heavy> bounded = new Templates<>(250)) {
      for (String name : List.of("a", "b", "a", "c")) {
        bounded.take(key(name), () -> new Heavy(name, dropped)).close();
      }

      assertThat(dropped).containsExactly("b");
    }
  }

  @Test
  void what_nobody_uses_goes_after_a_while() throws Exception {
    take("idle").close();
    var used = take("used");

    templates.dropUnused(Duration.ofHours(1));
    assertThat(dropped).isEmpty();
    templates.dropUnused(Duration.ZERO);
    assertThat(dropped).containsExactly("idle");

    used.close();
    templates.dropUnused(Duration.ZERO);
    assertThat(dropped).containsExactly("idle", "used");
  }
}
