package org.clinisandbox.negotiation;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.clinisandbox.registry.Manifest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A verdict as FHIR R4 resources. All of them are made from the verdict's one list of gaps: one
 * dataRequirement, one Questionnaire item and one OperationOutcome issue for each gap that data can
 * close, in the same order and under the same name; only an issue for the others.
 */
public final class FhirAnswer {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private FhirAnswer() {}

  /**
   * Whom and what an answer is about.
   *
   * @param id the GuidanceResponse's: letters, digits, hyphens and dots, at most 64
   * @param requestIdentifier what chains the turns of one negotiation
   * @param subject a reference to the patient, as {@code Patient/p1}; null when not known
   * @param at when it was evaluated
   * @param languages what questions are put in, as ranges by RFC 4647
   */
  public record Turn(
      String id,
      String requestIdentifier,
      @Nullable String subject,
      Instant at,
      List<Locale.LanguageRange> languages) {}

  /**
   * The GuidanceResponse, with OperationOutcome and Questionnaire contained. Its status is {@code
   * data-required} while a mandatory gap is open, {@code data-requested} when the model can run and
   * more data would help, {@code success} when it has everything, and {@code failure} when the
   * model is not for this patient.
   */
  public static ObjectNode guidanceResponse(Verdict verdict, Manifest manifest, Turn turn) {
    ObjectNode response = JSON.objectNode();
    response.put("resourceType", "GuidanceResponse");
    response.put("id", turn.id());
    List<Gap> gaps = verdict.gaps();
    ObjectNode questionnaire = questionnaire(gaps, manifest, turn.languages());
    if (!gaps.isEmpty()) {
      ArrayNode contained = response.putArray("contained");
      ObjectNode outcome = operationOutcome(verdict);
      outcome.put("id", "outcome");
      contained.add(outcome);
      if (questionnaire != null) {
        ObjectNode parameters = contained.addObject();
        parameters.put("resourceType", "Parameters").put("id", "parameters");
        ObjectNode parameter = parameters.putArray("parameter").addObject();
        parameter.put("name", "questionnaire").set("resource", questionnaire);
      }
    }
    response
        .putObject("requestIdentifier")
        .put("system", "urn:clinisandbox:negotiation")
        .put("value", turn.requestIdentifier());
    response.put("moduleCanonical", canonical(manifest));
    response.put("status", status(verdict));
    if (turn.subject() != null) {
      response.putObject("subject").put("reference", turn.subject());
    }
    response.put("occurrenceDateTime", turn.at().toString());
    if (!gaps.isEmpty()) {
      response.putArray("evaluationMessage").addObject().put("reference", "#outcome");
    }
    if (questionnaire != null) {
      response.putObject("outputParameters").put("reference", "#parameters");
      ArrayNode requirements = response.putArray("dataRequirement");
      gaps.stream().filter(Gap::askable).map(DataRequirements::of).forEach(requirements::add);
    }
    return response;
  }

  /** One item for each gap that somebody is to be asked about; null when there is none. */
  public static @Nullable ObjectNode questionnaire(
      List<Gap> gaps, Manifest manifest, List<Locale.LanguageRange> languages) {
    List<Gap> askable = gaps.stream().filter(Gap::askable).toList();
    return askable.isEmpty() ? null : QuestionnaireForm.of(askable, manifest.name(), languages);
  }

  /**
   * What a model needs, as a Library of type module-definition with one dataRequirement for each
   * requirement that data can meet.
   *
   * @param requirements as {@link Negotiator#everything} has them
   */
  public static ObjectNode library(List<Gap> requirements, Manifest manifest) {
    ObjectNode library = JSON.objectNode();
    library.put("resourceType", "Library");
    library.put("url", "urn:clinisandbox:model:" + manifest.key());
    library.put("version", manifest.version());
    library.put("title", manifest.name());
    library.put("status", "active");
    library
        .putObject("type")
        .putArray("coding")
        .addObject()
        .put("system", "http://terminology.hl7.org/CodeSystem/library-type")
        .put("code", "module-definition");
    ArrayNode needs = library.putArray("dataRequirement");
    requirements.stream().map(DataRequirements::of).forEach(needs::add);
    return library;
  }

  /** One issue for each gap, or a single "all ok" when there is none. */
  public static ObjectNode operationOutcome(Verdict verdict) {
    ObjectNode outcome = JSON.objectNode();
    outcome.put("resourceType", "OperationOutcome");
    ArrayNode issues = outcome.putArray("issue");
    verdict.gaps().forEach(gap -> issues.add(issue(gap)));
    if (issues.isEmpty()) {
      issues.addObject().put("severity", "information").put("code", "informational");
    }
    return outcome;
  }

  /** The canonical that names a model in FHIR. */
  public static String canonical(Manifest manifest) {
    return "urn:clinisandbox:model:" + manifest.key() + "|" + manifest.version();
  }

  private static String status(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Ready ready -> ready.optionalGaps().isEmpty() ? "success" : "data-requested";
      case Verdict.DataRequired data -> "data-required";
      case Verdict.NotApplicable not -> "failure";
    };
  }

  /** What is missing has no place of its own, so the expression names the bundle. */
  private static ObjectNode issue(Gap gap) {
    ObjectNode issue = JSON.objectNode();
    issue.put("severity", gap.mandatory() ? "error" : "information");
    issue.put("code", issueType(gap));
    ObjectNode details = issue.putObject("details");
    if (gap.code() != null) {
      details
          .putArray("coding")
          .addObject()
          .put("system", gap.system())
          .put("code", gap.code())
          .put("display", gap.requirement().display());
    }
    details.put("text", gap.name() + ": " + gap.reason().label());
    issue.put("diagnostics", gap.detail());
    issue.putArray("expression").add("Bundle");
    return issue;
  }

  private static String issueType(Gap gap) {
    return switch (gap.reason()) {
      case MISSING, DATA_ABSENT -> gap.mandatory() ? "required" : "informational";
      case STATUS, WRONG_SUBJECT, FUTURE, STALE, OUT_OF_POPULATION -> "business-rule";
      case CONFLICT -> "conflict";
      case COMPARATOR -> "not-supported";
      case NOT_A_NUMBER, UNIT -> gap.unknownCode() ? "code-invalid" : "value";
      case IMPLAUSIBLE -> "value";
    };
  }
}
