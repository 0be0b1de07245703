package org.clinisandbox.negotiation;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.registry.Requirement.CodedAnswer;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gaps as a FHIR R4 Questionnaire by Structured Data Capture: an answer to an observation's,
 * condition's or medication's item can be extracted to an Observation, one to a patient's item to
 * the element that its definition names. Each linkId is the requirement's name. A group's item
 * holds one item for each option, none of them required: what R4 means by a required group, that
 * one of its items is answered, is read by some renderers as a value, which no group can have. An
 * item of a series repeats, and each answer has an item {@code NAME.at} for its time, which shows
 * once there is an answer.
 */
final class QuestionnaireForm {
  /** What a series' linkId ends with where the time of one value is asked for. */
  static final String AT = ".at";

  private static final String SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/";
  private static final String EXTRACT = SDC + "sdc-questionnaire-observationExtract";
  private static final String LINK_PERIOD = SDC + "sdc-questionnaire-observationLinkPeriod";
  private static final String UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit";
  private static final String MOST =
      "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs";
  private static final String PATIENT = "http://hl7.org/fhir/StructureDefinition/Patient#Patient.";
  private static final String RACE_URL =
      "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient#Patient.extension:race";

  private final List<Locale.LanguageRange> languages;
  private final Phrases phrases;

  private QuestionnaireForm(List<Locale.LanguageRange> languages) {
    this.languages = languages;
    this.phrases = new Phrases(languages);
  }

  /**
   * @param gaps those that are to be asked
   */
  static ObjectNode of(List<Gap> gaps, String modelName, List<Locale.LanguageRange> languages) {
    return new QuestionnaireForm(languages).form(gaps, modelName);
  }

  private ObjectNode form(List<Gap> gaps, String modelName) {
    ObjectNode form = JsonNodeFactory.instance.objectNode();
    form.put("resourceType", "Questionnaire");
    form.put("title", phrases.get("title", modelName));
    form.put("status", "active");
    form.putArray("subjectType").add("Patient");
    ArrayNode items = form.putArray("item");
    gaps.forEach(gap -> items.add(item(gap, gap.mandatory())));
    return form;
  }

  private ObjectNode item(Gap gap, boolean required) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("linkId", gap.name());
    switch (gap.requirement()) {
      case OfObservation observation -> observation(item, observation);
      case OfPatient patient -> patient(item, patient.item());
      case OfStatement statement -> {
        item.putArray("extension").addObject().put("url", EXTRACT).put("valueBoolean", true);
        Coding code = statement.codes().getFirst();
        item.putArray("code").add(coding(code.system(), code.code(), statement.display()));
        item.put("type", "boolean");
      }
      case OfGroup group -> item.put("type", "group");
      case OfRule rule -> throw new IllegalArgumentException("a rule is not asked");
    }
    item.put("text", gap.ask(languages));
    item.put("required", required && !(gap.requirement() instanceof OfGroup));
    if (gap.requirement() instanceof OfGroup) {
      ArrayNode options = item.putArray("item");
      gap.options().stream()
          .filter(Gap::askable)
          .forEach(option -> options.add(item(option, false)));
    }
    if (gap.requirement() instanceof OfObservation observation && observation.series() != null) {
      item.put("repeats", true);
      ObjectNode time = item.putArray("item").addObject();
      time.put("linkId", gap.name() + AT).put("text", phrases.get("measured"));
      time.put("type", "dateTime").put("required", true);
      time.putArray("enableWhen")
          .addObject()
          .put("question", gap.name())
          .put("operator", "exists")
          .put("answerBoolean", true);
    }
    return item;
  }

  private static void observation(ObjectNode item, OfObservation observation) {
    ArrayNode extensions = item.putArray("extension");
    extensions.addObject().put("url", EXTRACT).put("valueBoolean", true);
    if (observation.maxAge() != null) {
      extensions
          .addObject()
          .put("url", LINK_PERIOD)
          .set("valueDuration", FhirDuration.of(observation.maxAge()).toQuantity());
    }
    String unit = observation.unit();
    if (unit != null) {
      extensions
          .addObject()
          .put("url", UNIT)
          .set("valueCoding", coding(Coding.UCUM, unit, Questions.sign(unit)));
    }
    if (observation.series() != null) {
      extensions.addObject().put("url", MOST).put("valueInteger", observation.series().count());
    }
    item.putArray("code")
        .add(coding(observation.system(), observation.code(), observation.display()));
    if (!observation.coded().isEmpty()) {
      item.put("type", "choice");
      ArrayNode options = item.putArray("answerOption");
      for (CodedAnswer answer : offered(observation.coded())) {
        String display = answer.display() == null ? answer.value() : answer.display();
        options.addObject().set("valueCoding", coding(answer.system(), answer.code(), display));
      }
    } else {
      item.put("type", unit == null ? "quantity" : "decimal");
    }
  }

  /**
   * Those in the first one's code system, and of the others those whose values are not among them:
   * a list that holds the same word twice cannot be answered.
   */
  private static List<CodedAnswer> offered(List<CodedAnswer> all) {
    String system = all.getFirst().system();
    Set<String> values =
        all.stream()
            .filter(answer -> answer.system().equals(system))
            .map(CodedAnswer::value)
            .collect(Collectors.toSet());
    return all.stream()
        .filter(answer -> answer.system().equals(system) || !values.contains(answer.value()))
        .toList();
  }

  private static void patient(ObjectNode item, OfPatient.Item what) {
    switch (what) {
      case AGE -> item.put("definition", PATIENT + "birthDate").put("type", "date");
      case SEX -> {
        item.put("definition", PATIENT + "gender").put("type", "choice");
        choices(item, PatientAnswers.SEXES);
      }
      case RACE -> {
        item.put("definition", RACE_URL).put("type", "choice");
        choices(item, PatientAnswers.RACES);
      }
    }
  }

  private static void choices(ObjectNode item, List<Coding> codings) {
    ArrayNode options = item.putArray("answerOption");
    for (Coding each : codings) {
      options
          .addObject()
          .set("valueCoding", coding(each.system(), each.code(), String.valueOf(each.display())));
    }
  }

  private static ObjectNode coding(@Nullable String system, @Nullable String code, String display) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("system", system)
        .put("code", code)
        .put("display", display);
  }
}
