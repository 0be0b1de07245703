package org.clinisandbox.services;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work on a thread of its own, for a start that has two things to wait for. */
final class Beside<T extends @Nullable Object> {
  private final CompletableFuture<T> work;

  private Beside(CompletableFuture<T> work) {
    this.work = work;
  }

  static <T extends @Nullable Object> Beside<T> start(Supplier<T> work) {
    return new Beside<>(CompletableFuture.supplyAsync(work, Thread.ofPlatform().daemon()::start));
  }

  static Beside<@Nullable Void> run(Runnable work) {
    return Beside.<@Nullable Void>start(
        () -> {
          work.run();
          return null;
        });
  }

  /** Waits for it; what failed there fails here. */
  T result() {
    try {
      return work.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
