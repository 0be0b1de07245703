package org.clinisandbox.vault;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Threads that stay, for callers whose own are new each time. Tink keeps its ciphers and its random
 * generator by thread, and looks for a provider of each when a thread is new to it: for one bundle
 * that takes several times as long as making its keys and sealing it.
 */
public final class KeyThreads {
  private static final ExecutorService THREADS =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(),
          Thread.ofPlatform().daemon().name("keys-", 0).factory());

  private KeyThreads() {}

  /** Does this there, and waits for it. What it throws is thrown here. */
  public static <T> T call(Supplier<T> work) {
    return join(CompletableFuture.supplyAsync(work, THREADS));
  }

  /** Waits for what another thread does. What that throws is thrown here. */
  static <T> T join(CompletableFuture<T> work) {
    try {
      return work.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
