package org.clinisandbox.fhir;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.hl7.fhir.exceptions.FHIRException;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.utilities.validation.ValidationMessage.IssueSeverity;
import tools.jackson.databind.JsonNode;

/** What HAPI's validator says of one bundle, as findings without the bundle's values. */
final class HapiFindings {
  private final Definitions definitions;
  private final Wording wording;
  private final JsonNode bundle;
  private final Map<Integer, Set<String>> leaves = new HashMap<>();

  HapiFindings(Definitions definitions, Wording wording, JsonNode bundle) {
    this.definitions = definitions;
    this.wording = wording;
    this.bundle = bundle;
  }

  /** One message that rejects, not yet worded. */
  record Raw(Place place, ValidationMessage message) {}

  List<Raw> run() {
    return definitions.validate(Json.MAPPER.writeValueAsString(bundle)).stream()
        .filter(m -> m.getLevel() == IssueSeverity.ERROR || m.getLevel() == IssueSeverity.FATAL)
        .map(m -> new Raw(Place.of(bundle, m.getLocation()), m))
        .toList();
  }

  Finding finding(Raw raw) {
    Predicate<String> isLeaf = text -> leaves(raw.place().entry()).contains(text);
    Wording.Said said = wording.say(raw.message(), isLeaf);
    Place place = said.property() == null ? raw.place() : raw.place().property(said.property());
    return new Finding(
        raw.message().getLevel() == IssueSeverity.FATAL
            ? Finding.Severity.FATAL
            : Finding.Severity.ERROR,
        code(raw.message()),
        place.expression(),
        said.said());
  }

  /** HAPI's issue types are R5's; R4 knows fewer. */
  private static String code(ValidationMessage message) {
    try {
      return OperationOutcome.IssueType.fromCode(message.getType().toCode()).toCode();
    } catch (FHIRException | NullPointerException e) {
      return OperationOutcome.IssueType.INVALID.toCode();
    }
  }

  private Set<String> leaves(int entry) {
    return leaves.computeIfAbsent(
        entry,
        index -> {
          Set<String> found = new HashSet<>();
          collect(index < 0 ? bundle : bundle.path("entry").path(index), found);
          return found;
        });
  }

  private static void collect(JsonNode node, Set<String> found) {
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (!property.getKey().equals("resourceType")) {
        collect(property.getValue(), found);
      }
    }
    if (node.isArray()) {
      node.values().forEach(element -> collect(element, found));
    } else if (node.isValueNode()) {
      found.add(node.asString());
    }
  }
}
