package org.clinisandbox.intake;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.clinisandbox.fhir.Checked;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.Findings;

/**
 * Where bundles are validated. It is all processor time: on threads of its own it leaves the
 * virtual threads their carriers, and more at once than processors would only delay all of them.
 */
public final class Validation {
  private static final int PATIENCE_SECONDS = 20;
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          PROCESSORS, Thread.ofPlatform().daemon().name("validator-", 0).factory());
  private final Semaphore room = new Semaphore(PROCESSORS, true);

  /**
   * Does a check when there is room.
   *
   * @return the facts of what is valid
   * @throws Problem listing the findings of what is not
   */
  Facts facts(Supplier<Checked> check) {
    return switch (checked(check)) {
      case Checked.Valid valid -> valid.facts();
      case Checked.Invalid invalid -> throw problem(invalid.findings());
    };
  }

  static Problem problem(Findings findings) {
    return Problem.unprocessable(
            "invalid-fhir",
            "What was sent is not valid FHIR R4",
            "Places to mend: " + findings.list().size() + ".")
        .with("operation_outcome", findings.operationOutcome());
  }

  private Checked checked(Supplier<Checked> check) {
    boolean admitted = false;
    try {
      admitted = room.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!admitted) {
        throw Problem.unavailable("Too many bundles are being validated. Send it again later.");
      }
      return threads.submit(check::get).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The server is stopping.");
    } catch (ExecutionException e) {
      throw new IllegalStateException("validation failed", e.getCause());
    } finally {
      if (admitted) {
        room.release();
      }
    }
  }
}
