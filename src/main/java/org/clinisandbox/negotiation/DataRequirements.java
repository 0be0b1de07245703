package org.clinisandbox.negotiation;

import java.util.stream.Stream;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A gap as a FHIR R4 DataRequirement; its element id is the input's name. What R4 has no element
 * for stands in two extensions: {@value #MANDATORY} (boolean) and {@value #UNIT} (a UCUM code).
 */
final class DataRequirements {
  static final String MANDATORY = "urn:clinisandbox:extension:mandatory";
  static final String UNIT = "urn:clinisandbox:extension:unit";

  private DataRequirements() {}

  static ObjectNode of(Gap gap) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", gap.name());
    ArrayNode extensions = node.putArray("extension");
    extensions.addObject().put("url", MANDATORY).put("valueBoolean", gap.mandatory());
    if (gap.unit() != null) {
      extensions.addObject().put("url", UNIT).put("valueCode", gap.unit());
    }
    switch (gap.requirement()) {
      case OfObservation observation -> observation(node, observation);
      case OfPatient(OfPatient.Item item) -> {
        node.put("type", "Patient");
        node.putArray("mustSupport")
            .add(
                switch (item) {
                  case AGE -> "birthDate";
                  case SEX -> "gender";
                });
      }
    }
    return node;
  }

  private static void observation(ObjectNode node, OfObservation observation) {
    node.put("type", "Observation");
    node.putArray("mustSupport").add("code").add("value").add("effective");
    ArrayNode filters = node.putArray("codeFilter");
    ArrayNode codes = filters.addObject().put("path", "code").putArray("code");
    Stream.concat(Stream.of(observation.code()), observation.accepts().stream())
        .forEach(code -> codes.addObject().put("system", observation.system()).put("code", code));
    if (!observation.coded().isEmpty()) {
      ArrayNode answers = filters.addObject().put("path", "value").putArray("code");
      observation
          .coded()
          .forEach(
              answer ->
                  answers.addObject().put("system", answer.system()).put("code", answer.code()));
    }
    if (observation.maxAge() != null) {
      node.putArray("dateFilter")
          .addObject()
          .put("path", "effective")
          .set("valueDuration", FhirDuration.of(observation.maxAge()).toQuantity());
    }
    node.put("limit", 1);
  }
}
