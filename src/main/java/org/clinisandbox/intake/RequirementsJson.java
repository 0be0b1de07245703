package org.clinisandbox.intake;

import java.util.List;
import java.util.Locale;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.negotiation.GapJson;
import org.clinisandbox.negotiation.Negotiator;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfRule;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a model needs, in the plain JSON of the HTTP API. */
final class RequirementsJson {
  private RequirementsJson() {}

  static ObjectNode of(Negotiator negotiator, List<Locale.LanguageRange> languages) {
    Manifest manifest = negotiator.manifest();
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.set("model", VerdictJson.model(manifest));
    json.put("name", manifest.name());
    ObjectNode population = json.putObject("population");
    Requirement.Range age = manifest.population().age();
    if (age != null) {
      population.putObject("age").put("low", age.low()).put("high", age.high());
    }
    if (!manifest.population().sexes().isEmpty()) {
      ArrayNode sexes = population.putArray("sex");
      manifest.population().sexes().stream().sorted().forEach(sexes::add);
    }
    json.set("requirements", GapJson.requirements(negotiator.everything(), languages));
    ArrayNode rules = json.putArray("rules");
    for (Requirement requirement : manifest.requirements()) {
      if (requirement instanceof OfRule rule) {
        rules
            .addObject()
            .put("name", rule.name())
            .put("expression", rule.expression())
            .put("message", rule.message().in(languages));
      }
    }
    return json;
  }
}
