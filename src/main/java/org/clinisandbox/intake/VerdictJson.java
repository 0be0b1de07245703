package org.clinisandbox.intake;

import java.time.Instant;
import java.util.UUID;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.negotiation.FhirAnswer;
import org.clinisandbox.negotiation.Gap;
import org.clinisandbox.negotiation.GapJson;
import org.clinisandbox.negotiation.Verdict;
import org.clinisandbox.registry.Manifest;
import tools.jackson.databind.node.ObjectNode;

/** Verdicts that are no, as problems: the gaps as JSON and as FHIR, from one list. */
final class VerdictJson {
  private VerdictJson() {}

  static Problem problem(Verdict.DataRequired verdict, Manifest manifest, Instant now) {
    long missing = verdict.gaps().stream().filter(Gap::mandatory).count();
    Problem problem =
        Problem.unprocessable(
                "data-required",
                "The model needs more data",
                missing
                    + " of "
                    + verdict.required()
                    + (missing == 1 ? " required inputs is" : " required inputs are")
                    + " missing.")
            .with("model", model(manifest))
            .with("gaps", GapJson.gaps(verdict.gaps()))
            .with("satisfied", GapJson.inputs(verdict.satisfied()));
    return withFhir(problem, verdict, manifest, now);
  }

  static Problem problem(Verdict.NotApplicable verdict, Manifest manifest, Instant now) {
    Problem problem =
        Problem.unprocessable(
                "not-applicable",
                "The model was not made for this patient",
                "The patient is outside the model's population; no data would change that.")
            .with("model", model(manifest))
            .with("gaps", GapJson.gaps(verdict.gaps()));
    return withFhir(problem, verdict, manifest, now);
  }

  private static Problem withFhir(
      Problem problem, Verdict verdict, Manifest manifest, Instant now) {
    String id = UUID.randomUUID().toString();
    FhirAnswer.Turn turn = new FhirAnswer.Turn(id, id, null, now);
    problem.with("guidance", FhirAnswer.guidanceResponse(verdict, manifest, turn));
    ObjectNode questionnaire = FhirAnswer.questionnaire(verdict, manifest);
    if (questionnaire != null) {
      problem.with("questionnaire", questionnaire);
    }
    return problem.with("operation_outcome", FhirAnswer.operationOutcome(verdict));
  }

  private static ObjectNode model(Manifest manifest) {
    return Json.MAPPER
        .createObjectNode()
        .put("key", manifest.key())
        .put("version", manifest.version());
  }
}
