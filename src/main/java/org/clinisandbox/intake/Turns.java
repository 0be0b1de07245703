package org.clinisandbox.intake;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.job.Acceptance;
import org.clinisandbox.job.Jobs;
import org.clinisandbox.job.Negotiations;
import org.clinisandbox.job.Negotiations.Found;
import org.clinisandbox.job.NewJob;
import org.clinisandbox.negotiation.Answers;
import org.clinisandbox.negotiation.Dialogue;
import org.clinisandbox.negotiation.Extraction;
import org.clinisandbox.negotiation.Negotiator;
import org.clinisandbox.negotiation.Verdict;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Registration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The later turns of a negotiation: answers taken one after the other, whoever sends them when. */
public final class Turns {
  private final Weighing weighing;
  private final Jobs jobs;
  private final Negotiations negotiations;

  public Turns(Weighing weighing, Jobs jobs, Negotiations negotiations) {
    this.weighing = weighing;
    this.jobs = jobs;
    this.negotiations = negotiations;
  }

  /**
   * Takes an answer.
   *
   * @param body a QuestionnaireResponse, or a Bundle of new resources
   * @throws Problem saying what is still missing, or what is wrong with the answer
   */
  Acceptance answer(String tenant, UUID id, JsonNode body, List<Locale.LanguageRange> languages) {
    Found first = find(tenant, id);
    if (first instanceof Found.Ended(UUID job)) {
      return new Acceptance.Replayed(job);
    }
    Found.Waiting waiting = (Found.Waiting) first;
    Registration.Model model = model(waiting);
    Pending pending = Pending.fromBytes(waiting.state());
    Answers answers = answers(body, pending, model.manifest());
    while (true) {
      Acceptance taken = take(tenant, waiting, pending, model, answers, languages);
      if (!(taken instanceof Acceptance.MovedOn)) {
        return taken;
      }
      // Another answer came first; there are at most as many of them as turns.
      switch (find(tenant, id)) {
        case Found.Waiting next -> {
          waiting = next;
          pending = Pending.fromBytes(next.state());
        }
        case Found.Ended(UUID job) -> {
          return new Acceptance.Replayed(job);
        }
        case Found.Gone gone -> throw Problem.negotiationExpired();
      }
    }
  }

  private Acceptance take(
      String tenant,
      Found.Waiting waiting,
      Pending before,
      Registration.Model model,
      Answers answers,
      List<Locale.LanguageRange> languages) {
    Dialogue dialogue = before.dialogue().with(answers);
    Instant now = weighing.clock().instant();
    Negotiator negotiator = weighing.negotiators().of(model);
    Verdict verdict = dialogue.weigh(negotiator, now);
    if (verdict instanceof Verdict.Ready ready) {
      return jobs.accept(
          Diagnosis.job(
              tenant,
              model,
              new Envelope(
                  model.key(),
                  model.version(),
                  dialogue.bundle(),
                  before.callback(),
                  before.clientReference()),
              ready,
              null,
              new NewJob.Ending(waiting.id(), waiting.turn())));
    }
    boolean moved = !dialogue.digests().equals(before.dialogue().digests());
    if (moved && !negotiations.advance(tenant, waiting, before.with(dialogue).toBytes())) {
      return new Acceptance.MovedOn();
    }
    throw problem(verdict, model.manifest(), waiting, now, languages);
  }

  private static Problem problem(
      Verdict verdict,
      Manifest manifest,
      Found.Waiting waiting,
      Instant now,
      List<Locale.LanguageRange> languages) {
    return switch (verdict) {
      case Verdict.DataRequired required ->
          VerdictJson.problem(required, manifest, waiting, now, languages);
      case Verdict.NotApplicable not -> VerdictJson.problem(not, manifest, now, languages);
      case Verdict.Ready r -> throw new IllegalArgumentException("ready is no problem");
    };
  }

  private Answers answers(JsonNode body, Pending pending, Manifest manifest) {
    JsonNode bundle = pending.dialogue().bundle();
    return switch (body.path("resourceType").asString("")) {
      case "Bundle" -> {
        weighing.validation().facts(() -> weighing.fhir().checkAddition(bundle, body));
        yield Answers.ofBundle(body);
      }
      case "QuestionnaireResponse" -> {
        weighing.validation().facts(() -> weighing.fhir().checkResource(bundle, body));
        boolean ours = BundleCheck.subjectOf(bundle, body) != Subject.OTHER;
        yield switch (Extraction.of(body, manifest, ours, weighing.clock().instant())) {
          case Extraction.Result.Taken taken -> taken.answers();
          case Extraction.Result.Refused refused -> throw Validation.problem(refused.findings());
        };
      }
      default ->
          throw Problem.badRequest(
              "Send a QuestionnaireResponse, or a Bundle with the new resources.");
    };
  }

  /**
   * Where a negotiation stands, as it would be judged now.
   *
   * @param url of a job, by its id
   */
  ObjectNode standing(
      String tenant, UUID id, Function<UUID, String> url, List<Locale.LanguageRange> languages) {
    return switch (find(tenant, id)) {
      case Found.Ended(UUID job) -> {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("negotiation_id", id.toString()).put("status", "ready");
        yield json.put("job_id", job.toString()).put("status_url", url.apply(job));
      }
      case Found.Waiting waiting -> {
        Registration.Model model = model(waiting);
        Instant now = weighing.clock().instant();
        Verdict verdict =
            Pending.fromBytes(waiting.state())
                .dialogue()
                .weigh(weighing.negotiators().of(model), now);
        yield switch (verdict) {
          case Verdict.DataRequired required ->
              VerdictJson.standing(required, model.manifest(), waiting, now, languages)
                  .put("status", "data-required");
          // Time alone has done it: a value was from the future. The next answer makes the job.
          case Verdict.Ready ready ->
              VerdictJson.ready(ready, model.manifest(), now, languages)
                  .put("negotiation_id", id.toString());
          case Verdict.NotApplicable not ->
              throw VerdictJson.problem(not, model.manifest(), now, languages);
        };
      }
      case Found.Gone gone -> throw Problem.negotiationExpired();
    };
  }

  private Found find(String tenant, UUID id) {
    Found found = negotiations.find(tenant, id).orElseThrow(() -> Problem.notFound("negotiation"));
    if (found instanceof Found.Gone) {
      throw Problem.negotiationExpired();
    }
    return found;
  }

  private Registration.Model model(Found.Waiting waiting) {
    return weighing.registry().find(waiting.model()).orElseThrow(() -> Problem.notFound("model"));
  }
}
