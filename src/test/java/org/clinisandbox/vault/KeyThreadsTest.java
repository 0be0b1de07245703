package org.clinisandbox.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class KeyThreadsTest {
  @Test
  void callers_whose_threads_are_new_share_threads_that_stay() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        callers.execute(() -> threads.add(KeyThreads.call(Thread::currentThread)));
      }
    }
    assertThat(threads)
        .isNotEmpty()
        .hasSizeLessThanOrEqualTo(Runtime.getRuntime().availableProcessors())
        .noneMatch(Thread::isVirtual);
  }

  @Test
  void what_the_work_throws_comes_to_the_caller() {
    IllegalStateException thrown = new IllegalStateException("no database");
    assertThatThrownBy(
            () ->
                KeyThreads.call(
                    () -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
  }
}
