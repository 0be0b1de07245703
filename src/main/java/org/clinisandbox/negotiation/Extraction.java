package org.clinisandbox.negotiation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.Findings;
import org.clinisandbox.fhir.PatientFact;
import org.clinisandbox.negotiation.PatientAnswers.Told;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes the answers out of a valid QuestionnaireResponse, by the observation-based extraction of
 * FHIR's Structured Data Capture: an Observation for each answer, final, as of the time it was
 * authored, derived from the response. It goes by the linkIds that {@link QuestionnaireForm} gave.
 */
public final class Extraction {
  private static final String ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
  private static final Set<String> DONE = Set.of("completed", "amended");
  private static final int MOST_FINDINGS = 100;

  private final JsonNode response;
  private final String digest;
  private final Instant received;
  private final boolean aboutPatient;
  private final Map<String, Requirement> questions = new HashMap<>();

  private final ArrayNode entries = JsonNodeFactory.instance.arrayNode();
  private final Map<String, Unanswered> replies = new HashMap<>();
  private final Set<String> answered = new HashSet<>();
  private final List<org.clinisandbox.fhir.Finding> findings = new ArrayList<>();
  private @Nullable String birthDate;
  private @Nullable String gender;
  private @Nullable String race;

  private Extraction(JsonNode response, Manifest manifest, boolean aboutPatient, Instant received) {
    this.response = response;
    this.digest = Digest.of(response);
    this.received = received;
    this.aboutPatient = aboutPatient;
    for (OfPatient.Item item : OfPatient.Item.values()) {
      questions.put(item.label(), new OfPatient(item, true, null));
    }
    manifest.requirements().forEach(each -> questions.put(each.name(), each));
    manifest.inputs().forEach(each -> questions.put(each.name(), each));
  }

  /** What came of a response. */
  public sealed interface Result {
    record Taken(Answers answers) implements Result {}

    /** Some of it answers no question; nothing was taken. */
    record Refused(Findings findings) implements Result {}
  }

  /**
   * Extracts.
   *
   * @param response a valid QuestionnaireResponse
   * @param aboutPatient whether its subject is the negotiation's patient, or not stated
   * @param received the time of its answers where it does not say when it was authored
   */
  public static Result of(
      JsonNode response, Manifest manifest, boolean aboutPatient, Instant received) {
    return new Extraction(response, manifest, aboutPatient, received).result();
  }

  private Result result() {
    if (!DONE.contains(response.path("status").asString(""))) {
      refuse(
          "QuestionnaireResponse.status",
          "business-rule",
          "The response must be completed or amended.");
    }
    ObjectNode own = entries.addObject();
    own.put("fullUrl", fullUrl("")).set("resource", response);
    items(response, "QuestionnaireResponse");
    if (!findings.isEmpty()) {
      boolean more = findings.size() > MOST_FINDINGS;
      return new Result.Refused(
          new Findings(findings.subList(0, Math.min(MOST_FINDINGS, findings.size())), more));
    }
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("type", "collection").set("entry", entries);
    return new Result.Taken(
        new Answers(
            digest,
            bundle,
            replies,
            answered,
            new PatientAnswers(told(birthDate), told(gender), told(race))));
  }

  private @Nullable Told told(@Nullable String word) {
    String id = response.path("id").asString("");
    String source = id.isEmpty() ? fullUrl("") : "QuestionnaireResponse/" + id;
    return word == null ? null : new Told(word, source);
  }

  private String fullUrl(String part) {
    return "urn:uuid:" + Digest.uuid(digest + part);
  }

  private void refuse(String place, String code, String message) {
    findings.add(
        new org.clinisandbox.fhir.Finding(
            org.clinisandbox.fhir.Finding.Severity.ERROR, code, place, message));
  }

  private void items(JsonNode holder, String place) {
    int index = 0;
    for (JsonNode item : holder.path("item")) {
      item(item, place + ".item[" + index++ + "]");
    }
  }

  private void item(JsonNode item, String place) {
    String linkId = item.path("linkId").asString("");
    Requirement question = questions.get(linkId);
    switch (question) {
      case null ->
          refuse(
              place + ".linkId",
              "not-found",
              "The model asks no such question; each linkId is the name of a gap.");
      case OfGroup group -> items(item, place);
      case OfRule rule -> refuse(place + ".linkId", "not-found", "A rule is not answered.");
      case OfPatient patient -> answers(item, place, patient);
      case OfObservation observation -> answers(item, place, observation);
      case OfStatement statement -> answers(item, place, statement);
    }
  }

  private void answers(JsonNode item, String place, Requirement question) {
    int index = 0;
    for (JsonNode answer : item.path("answer")) {
      String its = place + ".answer[" + index + "]";
      Unanswered reply = reply(answer);
      if (reply != null) {
        replies.put(question.name(), reply);
      } else {
        value(answer, its, question);
      }
      index++;
    }
  }

  /** Why there is no value; null when there is one. */
  private static @Nullable Unanswered reply(JsonNode answer) {
    List<JsonNode> holders = new ArrayList<>();
    holders.add(answer);
    for (String name : answer.propertyNames()) {
      if (name.startsWith("value")) {
        if (answer.get(name).isObject()) {
          holders.add(answer.get(name));
        }
      } else if (name.startsWith("_value")) {
        holders.add(answer.get(name));
      }
    }
    for (JsonNode holder : holders) {
      for (JsonNode extension : holder.path("extension")) {
        if (ABSENT.equals(extension.path("url").asString(""))) {
          return switch (extension.path("valueCode").asString("")) {
            case "asked-declined", "not-permitted" -> Unanswered.DECLINED;
            case "not-asked" -> null;
            default -> Unanswered.NOT_KNOWN;
          };
        }
      }
    }
    return null;
  }

  private void value(JsonNode answer, String place, Requirement question) {
    String type = "";
    for (String name : answer.propertyNames()) {
      type = name.startsWith("value") ? name : type;
    }
    if (type.isEmpty()) {
      return;
    }
    answered.add(question.name());
    JsonNode value = answer.path(type);
    switch (question) {
      case OfPatient patient -> patient(patient.item(), type, value, place);
      case OfObservation observation -> {
        ObjectNode extracted = observation(place, time(answer, observation));
        coding(extracted, observation.system(), observation.code(), observation.display());
        if (VitalSigns.has(observation.system(), observation.code())) {
          VitalSigns.categorise(extracted);
        }
        observed(extracted, type, value, observation.unit(), place);
      }
      case OfStatement statement -> {
        ObjectNode extracted = observation(place, authored());
        Coding code = statement.codes().getFirst();
        coding(extracted, code.system(), code.code(), statement.display());
        observed(extracted, type, value, null, place);
      }
      case OfGroup g -> throw new IllegalStateException("a group has no value");
      case OfRule r -> throw new IllegalStateException("a rule has no value");
    }
  }

  private void patient(OfPatient.Item item, String type, JsonNode value, String place) {
    if (!aboutPatient) {
      replies.put(item.label(), Unanswered.WRONG_SUBJECT);
      return;
    }
    switch (item) {
      case AGE -> {
        if (type.equals("valueDate")) {
          birthDate = value.asString("");
        } else {
          refuse(place, "value", "A date of birth is answered with valueDate.");
        }
      }
      case SEX -> {
        String code = value.path("code").asString("");
        if (code.equals("unknown")) {
          replies.put(item.label(), Unanswered.NOT_KNOWN);
        } else if (Set.of("female", "male", "other").contains(code)) {
          gender = code;
        } else {
          refuse(place, "value", "Sex is answered with valueCoding: female, male or other.");
        }
      }
      case RACE -> {
        race =
            PatientFact.raceOf(value.path("system").asString(""), value.path("code").asString(""));
        if (race == null) {
          refuse(place, "value", "Race is answered with valueCoding, one of the OMB categories.");
        }
      }
    }
  }

  /**
   * @param place of the answer, which tells it from any other of the response
   */
  private ObjectNode observation(String place, String effective) {
    ObjectNode entry = entries.addObject();
    String url = fullUrl("/" + place);
    entry.put("fullUrl", url);
    ObjectNode observation = entry.putObject("resource");
    observation.put("resourceType", "Observation").put("id", url.substring("urn:uuid:".length()));
    observation.put("status", "final");
    JsonNode subject = response.get("subject");
    if (subject != null) {
      observation.set("subject", subject);
    }
    observation.put("effectiveDateTime", effective);
    observation.putArray("derivedFrom").addObject().put("reference", fullUrl(""));
    return observation;
  }

  private static void coding(
      ObjectNode observation, @Nullable String system, @Nullable String code, String display) {
    observation
        .putObject("code")
        .putArray("coding")
        .addObject()
        .put("system", system)
        .put("code", code)
        .put("display", display);
  }

  private String authored() {
    return response.path("authored").asString(received.toString());
  }

  /** Of a value of a series: its own time. */
  private String time(JsonNode answer, OfObservation question) {
    for (JsonNode item : answer.path("item")) {
      if (item.path("linkId").asString("").equals(question.name() + QuestionnaireForm.AT)) {
        JsonNode at = item.path("answer").path(0);
        String time = at.path("valueDateTime").asString(at.path("valueDate").asString(null));
        if (time != null) {
          return time;
        }
      }
    }
    return authored();
  }

  private void observed(
      ObjectNode observation, String type, JsonNode value, @Nullable String unit, String place) {
    switch (type) {
      case "valueDecimal", "valueInteger" -> {
        ObjectNode quantity = observation.putObject("valueQuantity").set("value", value).asObject();
        if (unit != null) {
          quantity.put("unit", unit).put("system", Coding.UCUM).put("code", unit);
        }
      }
      case "valueCoding" ->
          observation.putObject("valueCodeableConcept").putArray("coding").add(value);
      case "valueQuantity", "valueString", "valueBoolean", "valueDateTime", "valueTime" ->
          observation.set(type, value);
      case "valueDate" -> observation.set("valueDateTime", value);
      default -> refuse(place, "not-supported", "This kind of answer is not taken.");
    }
  }
}
