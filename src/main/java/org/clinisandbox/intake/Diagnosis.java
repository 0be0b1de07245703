package org.clinisandbox.intake;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.job.Acceptance;
import org.clinisandbox.job.IdempotencyKey;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.job.Negotiations;
import org.clinisandbox.job.NewJob;
import org.clinisandbox.negotiation.Dialogue;
import org.clinisandbox.negotiation.GapJson;
import org.clinisandbox.negotiation.Verdict;
import org.clinisandbox.registry.Registration;
import org.clinisandbox.stage.Stage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The way of a request for a diagnosis: which model, is it FHIR, can the model use it, a job. */
public final class Diagnosis {
  private final Weighing weighing;
  private final Jobs jobs;
  private final Negotiations negotiations;

  public Diagnosis(Weighing weighing, Jobs jobs, Negotiations negotiations) {
    this.weighing = weighing;
    this.jobs = jobs;
    this.negotiations = negotiations;
  }

  /** A bundle as a model sees it. */
  private record Weighed(Registration.Model model, Verdict verdict, Instant at) {}

  /**
   * Makes a job of a request.
   *
   * @throws Problem saying why there is none: findings, gaps, no such model
   */
  Acceptance request(
      String tenant,
      Envelope envelope,
      List<Locale.LanguageRange> languages,
      @Nullable IdempotencyKey key) {
    Weighed weighed = weigh(envelope);
    return switch (weighed.verdict()) {
      case Verdict.Ready ready ->
          jobs.accept(job(tenant, weighed.model(), envelope, ready, key, null));
      case Verdict.DataRequired required ->
          throw dataRequired(tenant, envelope, languages, weighed, required);
      case Verdict.NotApplicable not ->
          throw VerdictJson.problem(not, weighed.model().manifest(), weighed.at(), languages);
    };
  }

  /**
   * The same without a job.
   *
   * @return what the model would be given
   */
  ObjectNode negotiate(String tenant, Envelope envelope, List<Locale.LanguageRange> languages) {
    Weighed weighed = weigh(envelope);
    return switch (weighed.verdict()) {
      case Verdict.Ready ready ->
          VerdictJson.ready(ready, weighed.model().manifest(), weighed.at(), languages);
      case Verdict.DataRequired required ->
          throw dataRequired(tenant, envelope, languages, weighed, required);
      case Verdict.NotApplicable not ->
          throw VerdictJson.problem(not, weighed.model().manifest(), weighed.at(), languages);
    };
  }

  private Weighed weigh(Envelope envelope) {
    Registration.Model model =
        weighing
            .registry()
            .resolve(envelope.modelKey(), envelope.modelVersion())
            .orElseThrow(() -> Problem.notFound("active model"));
    Facts facts =
        Stage.VALIDATION.time(
            () -> weighing.validation().facts(() -> weighing.fhir().check(envelope.bundle())));
    Instant now = weighing.clock().instant();
    return new Weighed(
        model,
        Stage.VERDICT.time(() -> weighing.negotiators().of(model).negotiate(facts, now)),
        now);
  }

  /** The answers may come later: what is known so far is kept for a day. */
  private Problem dataRequired(
      String tenant,
      Envelope envelope,
      List<Locale.LanguageRange> languages,
      Weighed weighed,
      Verdict.DataRequired required) {
    jobs.refusal(envelope.callback())
        .ifPresent(
            reason -> {
              throw Problem.callbackRefused(reason);
            });
    Pending pending =
        new Pending(
            Dialogue.of(envelope.bundle()), envelope.callback(), envelope.clientReference());
    Negotiations.Found.Waiting begun =
        negotiations.begin(tenant, weighed.model().id(), pending.toBytes());
    return VerdictJson.problem(
        required, weighed.model().manifest(), begun, weighed.at(), languages);
  }

  /** The job that a ready verdict comes to. */
  static NewJob job(
      String tenant,
      Registration.Model model,
      Envelope envelope,
      Verdict.Ready ready,
      @Nullable IdempotencyKey key,
      NewJob.@Nullable Ending negotiation) {
    return new NewJob(
        tenant,
        model.id(),
        model.key(),
        model.version(),
        bytes(envelope.bundle()),
        bytes(GapJson.inputs(ready.inputs())),
        envelope.callback(),
        envelope.clientReference(),
        key,
        negotiation);
  }

  private static byte[] bytes(JsonNode json) {
    return Json.MAPPER.writeValueAsBytes(json);
  }
}
