package org.clinisandbox.intake;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Checked;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.job.Acceptance;
import org.clinisandbox.job.IdempotencyKey;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.job.NewJob;
import org.clinisandbox.negotiation.GapJson;
import org.clinisandbox.negotiation.Negotiator;
import org.clinisandbox.negotiation.Verdict;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Registration;
import org.clinisandbox.registry.Registry;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The way of a request for a diagnosis: which model, is it FHIR, can the model use it, a job. */
public final class Diagnosis {
  private static final int PATIENCE_SECONDS = 20;
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private final Registry registry;
  private final BundleCheck fhir;
  private final Jobs jobs;
  private final Clock clock;

  /**
   * Validation is all processor time. On threads of its own it leaves the virtual threads their
   * carriers, and more at once than processors would only delay all of them.
   */
  private final ExecutorService validators =
      Executors.newFixedThreadPool(
          PROCESSORS, Thread.ofPlatform().daemon().name("validator-", 0).factory());

  private final Semaphore validations = new Semaphore(PROCESSORS, true);

  public Diagnosis(Registry registry, BundleCheck fhir, Jobs jobs, Clock clock) {
    this.registry = registry;
    this.fhir = fhir;
    this.jobs = jobs;
    this.clock = clock;
  }

  /**
   * Makes a job of a request.
   *
   * @throws Problem saying why there is none: findings, gaps, no such model
   */
  Acceptance request(String tenant, Envelope envelope, @Nullable IdempotencyKey key) {
    Registration.Model model =
        registry
            .resolve(envelope.modelKey(), envelope.modelVersion())
            .orElseThrow(() -> Problem.notFound("active model"));
    Facts facts =
        switch (check(envelope.bundle())) {
          case Checked.Valid valid -> valid.facts();
          case Checked.Invalid invalid ->
              throw Problem.unprocessable(
                      "invalid-fhir",
                      "The bundle is not valid FHIR R4",
                      "Places to mend: " + invalid.findings().list().size() + ".")
                  .with("operation_outcome", invalid.findings().operationOutcome());
        };
    Manifest manifest = model.manifest();
    Instant now = clock.instant();
    return switch (Negotiator.negotiate(facts, manifest, now)) {
      case Verdict.Ready ready ->
          jobs.accept(
              new NewJob(
                  tenant,
                  model.id(),
                  model.key(),
                  model.version(),
                  Json.MAPPER.writeValueAsBytes(envelope.bundle()),
                  Json.MAPPER.writeValueAsBytes(GapJson.inputs(ready.inputs())),
                  envelope.callback(),
                  envelope.clientReference(),
                  key));
      case Verdict.DataRequired required -> throw VerdictJson.problem(required, manifest, now);
      case Verdict.NotApplicable not -> throw VerdictJson.problem(not, manifest, now);
    };
  }

  private Checked check(JsonNode bundle) {
    boolean admitted = false;
    try {
      admitted = validations.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!admitted) {
        throw Problem.unavailable("Too many bundles are being validated. Send it again later.");
      }
      return validators.submit(() -> fhir.check(bundle)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The server is stopping.");
    } catch (ExecutionException e) {
      throw new IllegalStateException("validation failed", e.getCause());
    } finally {
      if (admitted) {
        validations.release();
      }
    }
  }
}
