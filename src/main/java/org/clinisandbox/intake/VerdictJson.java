package org.clinisandbox.intake;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.job.Negotiations;
import org.clinisandbox.negotiation.FhirAnswer;
import org.clinisandbox.negotiation.Gap;
import org.clinisandbox.negotiation.GapJson;
import org.clinisandbox.negotiation.Verdict;
import org.clinisandbox.registry.Manifest;
import tools.jackson.databind.node.ObjectNode;

/** Verdicts as JSON: the gaps plainly and as FHIR, from one list. */
final class VerdictJson {
  private VerdictJson() {}

  /**
   * @param negotiation where the answers go
   */
  static Problem problem(
      Verdict.DataRequired verdict,
      Manifest manifest,
      Negotiations.Found.Waiting negotiation,
      Instant now,
      List<Locale.LanguageRange> languages) {
    ObjectNode standing = standing(verdict, manifest, negotiation, now, languages);
    Problem problem =
        Problem.unprocessable("data-required", "The model needs more data", missing(verdict));
    standing.forEachEntry(problem::with);
    return problem;
  }

  /** Where a negotiation stands. */
  static ObjectNode standing(
      Verdict.DataRequired verdict,
      Manifest manifest,
      Negotiations.Found.Waiting negotiation,
      Instant now,
      List<Locale.LanguageRange> languages) {
    String id = negotiation.id().toString();
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("negotiation_id", id);
    json.put("closed", verdict.closed());
    json.put("expires", negotiation.expiresAt().toString());
    json.set("model", model(manifest));
    json.set("gaps", GapJson.gaps(verdict.gaps(), languages));
    json.set("satisfied", GapJson.inputs(verdict.satisfied()));
    addFhir(json, verdict, manifest, id, now, languages);
    return json;
  }

  private static String missing(Verdict.DataRequired verdict) {
    long inputs =
        verdict.gaps().stream()
            .filter(gap -> gap.mandatory() && gap.kind() != Gap.Kind.RULE)
            .count();
    if (inputs == 0) {
      return "All inputs are there, but not as the model's rules want them.";
    }
    return inputs
        + " of "
        + verdict.required()
        + (inputs == 1 ? " required inputs is" : " required inputs are")
        + " missing.";
  }

  static Problem problem(
      Verdict.NotApplicable verdict,
      Manifest manifest,
      Instant now,
      List<Locale.LanguageRange> languages) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.set("model", model(manifest));
    json.set("gaps", GapJson.gaps(verdict.gaps(), languages));
    addFhir(json, verdict, manifest, UUID.randomUUID().toString(), now, languages);
    Problem problem =
        Problem.unprocessable(
            "not-applicable",
            "The model was not made for this patient",
            "The patient is outside the model's population; no data would change that.");
    json.forEachEntry(problem::with);
    return problem;
  }

  /** What the model would be given, and what would help it further. */
  static ObjectNode ready(
      Verdict.Ready verdict, Manifest manifest, Instant now, List<Locale.LanguageRange> languages) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("status", "ready");
    json.set("model", model(manifest));
    json.set("inputs", GapJson.inputs(verdict.inputs()));
    json.set("gaps", GapJson.gaps(verdict.gaps(), languages));
    addFhir(json, verdict, manifest, UUID.randomUUID().toString(), now, languages);
    return json;
  }

  private static void addFhir(
      ObjectNode json,
      Verdict verdict,
      Manifest manifest,
      String negotiation,
      Instant now,
      List<Locale.LanguageRange> languages) {
    FhirAnswer.Turn turn =
        new FhirAnswer.Turn(UUID.randomUUID().toString(), negotiation, null, now, languages);
    json.set("guidance", FhirAnswer.guidanceResponse(verdict, manifest, turn));
    ObjectNode questionnaire = FhirAnswer.questionnaire(verdict.gaps(), manifest, languages);
    if (questionnaire != null) {
      json.set("questionnaire", questionnaire);
    }
    json.set("operation_outcome", FhirAnswer.operationOutcome(verdict));
  }

  static ObjectNode model(Manifest manifest) {
    return Json.MAPPER
        .createObjectNode()
        .put("key", manifest.key())
        .put("version", manifest.version());
  }
}
