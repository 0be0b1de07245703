package org.clinisandbox.negotiation;

import java.util.List;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;
import org.clinisandbox.registry.Requirement.Series;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A gap as a FHIR R4 DataRequirement; its element id is the requirement's name. What R4 has no
 * element for stands in extensions: {@value #MANDATORY} (boolean), {@value #UNIT} (a UCUM code),
 * {@value #COUNT} (how many values at least) and {@value #SPACING} (a Duration: how far apart). The
 * options of a group are one requirement, since any of their codes will do.
 */
final class DataRequirements {
  static final String MANDATORY = "urn:clinisandbox:extension:mandatory";
  static final String UNIT = "urn:clinisandbox:extension:unit";
  static final String COUNT = "urn:clinisandbox:extension:minimum-count";
  static final String SPACING = "urn:clinisandbox:extension:spacing";

  private DataRequirements() {}

  /** A gap that data can close: any but a rule's. */
  static ObjectNode of(Gap gap) {
    return of(gap.requirement(), gap.mandatory());
  }

  private static ObjectNode of(Requirement requirement, boolean mandatory) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", requirement.name());
    ArrayNode extensions = node.putArray("extension");
    extensions.addObject().put("url", MANDATORY).put("valueBoolean", mandatory);
    switch (requirement) {
      case OfObservation observation -> observation(node, extensions, observation);
      case OfGroup group -> {
        node.put("type", "Observation");
        mustSupport(node, "code", "value", "effective");
        codes(
            node,
            "code",
            group.options().stream().flatMap(option -> Codes.of(option).stream()).toList());
      }
      case OfStatement statement -> {
        switch (statement.kind()) {
          case CONDITION -> {
            node.put("type", "Condition");
            mustSupport(node, "code", "clinicalStatus", "verificationStatus");
            codes(node, "code", statement.codes());
          }
          case MEDICATION -> {
            node.put("type", "MedicationStatement");
            mustSupport(node, "medication", "status");
            codes(node, "medication", statement.codes());
          }
        }
      }
      case OfPatient patient -> {
        node.put("type", "Patient");
        mustSupport(
            node,
            switch (patient.item()) {
              case AGE -> "birthDate";
              case SEX -> "gender";
              case RACE -> "extension";
            });
      }
      case OfRule rule -> throw new IllegalArgumentException("no data is known to mend a rule");
    }
    return node;
  }

  private static void mustSupport(ObjectNode node, String... elements) {
    ArrayNode list = node.putArray("mustSupport");
    for (String element : elements) {
      list.add(element);
    }
  }

  private static void codes(ObjectNode node, String path, List<Coding> codings) {
    ArrayNode codes = node.withArray("codeFilter").addObject().put("path", path).putArray("code");
    codings.forEach(
        coding -> codes.addObject().put("system", coding.system()).put("code", coding.code()));
  }

  private static void observation(
      ObjectNode node, ArrayNode extensions, OfObservation observation) {
    if (observation.unit() != null) {
      extensions.addObject().put("url", UNIT).put("valueCode", observation.unit());
    }
    Series series = observation.series();
    if (series != null) {
      extensions.addObject().put("url", COUNT).put("valueInteger", series.count());
      extensions
          .addObject()
          .put("url", SPACING)
          .set("valueDuration", FhirDuration.of(series.spacing()).toQuantity());
    }
    node.put("type", "Observation");
    mustSupport(node, "code", "value", "effective");
    codes(node, "code", Codes.of(observation));
    if (!observation.coded().isEmpty()) {
      codes(
          node,
          "value",
          observation.coded().stream()
              .map(answer -> new Coding(answer.system(), answer.code(), null))
              .toList());
    }
    if (observation.maxAge() != null) {
      node.putArray("dateFilter")
          .addObject()
          .put("path", "effective")
          .set("valueDuration", FhirDuration.of(observation.maxAge()).toQuantity());
    }
    if (series == null) {
      node.put("limit", 1);
    }
  }
}
