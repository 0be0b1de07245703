package org.clinisandbox;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.clinisandbox.fhir.BundleCheck;

/**
 * Loads the R4 definitions beside everything else that a start has to do: it is the longest of its
 * steps, and needs nothing of the others.
 */
final class FhirLoading {
  private static final int MOST_FINDINGS = 100;
  private static final Executor THREAD =
      work -> Thread.ofPlatform().daemon().name("fhir-loading").start(work);

  private final CompletableFuture<BundleCheck> loading =
      CompletableFuture.supplyAsync(FhirLoading::load, THREAD);

  private static BundleCheck load() {
    BundleCheck check = new BundleCheck(MOST_FINDINGS);
    check.warmUp();
    return check;
  }

  /** Waits until bundles can be checked at full speed. */
  BundleCheck await() {
    try {
      return loading.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("The FHIR R4 definitions could not be loaded.", e.getCause());
    }
  }
}
