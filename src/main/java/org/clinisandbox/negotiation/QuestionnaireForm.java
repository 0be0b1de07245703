package org.clinisandbox.negotiation;

import java.util.List;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.registry.Requirement.CodedAnswer;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gaps as a FHIR R4 Questionnaire by Structured Data Capture: an answer to an observation's item
 * can be extracted to an Observation, one to a patient's item to the element that its definition
 * names. Each linkId is the input's name.
 */
final class QuestionnaireForm {
  private static final String SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/";
  private static final String EXTRACT = SDC + "sdc-questionnaire-observationExtract";
  private static final String LINK_PERIOD = SDC + "sdc-questionnaire-observationLinkPeriod";
  private static final String UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit";
  private static final String PATIENT = "http://hl7.org/fhir/StructureDefinition/Patient#Patient.";
  private static final String GENDER = "http://hl7.org/fhir/administrative-gender";

  private QuestionnaireForm() {}

  static ObjectNode of(List<Gap> gaps, String modelName) {
    ObjectNode form = JsonNodeFactory.instance.objectNode();
    form.put("resourceType", "Questionnaire");
    form.put("title", "What " + modelName + " still needs");
    form.put("status", "active");
    form.putArray("subjectType").add("Patient");
    ArrayNode items = form.putArray("item");
    gaps.forEach(gap -> items.add(item(gap)));
    return form;
  }

  private static ObjectNode item(Gap gap) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("linkId", gap.name());
    switch (gap.requirement()) {
      case OfObservation observation -> observation(item, observation);
      case OfPatient(OfPatient.Item what) -> patient(item, what);
    }
    item.put("text", gap.ask());
    item.put("required", gap.mandatory());
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
      extensions.addObject().put("url", UNIT).set("valueCoding", coding(Coding.UCUM, unit, unit));
    }
    item.putArray("code")
        .add(coding(observation.system(), observation.code(), observation.display()));
    if (!observation.coded().isEmpty()) {
      item.put("type", "choice");
      ArrayNode options = item.putArray("answerOption");
      for (CodedAnswer answer : observation.coded()) {
        String display = answer.display() == null ? answer.value() : answer.display();
        options.addObject().set("valueCoding", coding(answer.system(), answer.code(), display));
      }
    } else {
      item.put("type", unit == null ? "quantity" : "decimal");
    }
  }

  private static void patient(ObjectNode item, OfPatient.Item what) {
    switch (what) {
      case AGE -> item.put("definition", PATIENT + "birthDate").put("type", "date");
      case SEX -> {
        item.put("definition", PATIENT + "gender").put("type", "choice");
        ArrayNode options = item.putArray("answerOption");
        options.addObject().set("valueCoding", coding(GENDER, "female", "Female"));
        options.addObject().set("valueCoding", coding(GENDER, "male", "Male"));
        options.addObject().set("valueCoding", coding(GENDER, "other", "Other"));
      }
    }
  }

  private static ObjectNode coding(String system, String code, String display) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("system", system)
        .put("code", code)
        .put("display", display);
  }
}
