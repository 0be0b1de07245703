package org.clinisandbox.fhir.validation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * HL7's profiles of vital signs, which an observation says in {@code meta.profile} that it keeps
 * to. The category that they ask for may be missing: what is measured is told by the code.
 */
final class VitalSigns {
  private static final String BASE = "http://hl7.org/fhir/StructureDefinition/";
  private static final int A_DAY = "2026-01-31".length();

  private static final Map<String, Sign> PROFILES =
      Map.ofEntries(
          Map.entry("vitalsigns", new Sign(null, Set.of())),
          Map.entry("vitalspanel", new Sign("85353-1", Set.of())),
          Map.entry("resprate", new Sign("9279-1", Set.of("/min"))),
          Map.entry("heartrate", new Sign("8867-4", Set.of("/min"))),
          Map.entry("oxygensat", new Sign("2708-6", Set.of("%"))),
          Map.entry("bodytemp", new Sign("8310-5", Set.of("Cel", "[degF]"))),
          Map.entry("bodyheight", new Sign("8302-2", Set.of("cm", "[in_i]"))),
          Map.entry("headcircum", new Sign("9843-4", Set.of("cm", "[in_i]"))),
          Map.entry("bodyweight", new Sign("29463-7", Set.of("g", "kg", "[lb_av]"))),
          Map.entry("bmi", new Sign("39156-5", Set.of("kg/m2"))),
          Map.entry("bp", new Sign("85354-9", Set.of())));

  /** The two pressures that a blood pressure has as its components. */
  private static final List<String> PRESSURES = List.of("8480-6", "8462-4");

  private final Issues issues;

  VitalSigns(Issues issues) {
    this.issues = issues;
  }

  /**
   * What one profile wants.
   *
   * @param code of LOINC, among the codes; null when it may be any
   * @param units of UCUM, one of which the value has; empty when it wants none
   */
  private record Sign(@Nullable String code, Set<String> units) {}

  void check(JsonNode observation, At at) {
    JsonNode profiles = observation.path("meta").path("profile");
    if (!profiles.isArray()) {
      return;
    }
    Map<String, Sign> signs = new HashMap<>();
    for (JsonNode profile : profiles) {
      String url = profile.isString() ? profile.stringValue().replaceFirst("\\|.*", "") : "";
      Sign sign = url.startsWith(BASE) ? PROFILES.get(url.substring(BASE.length())) : null;
      if (sign != null) {
        signs.put(url.substring(BASE.length()), sign);
      }
    }
    if (signs.isEmpty()) {
      return;
    }
    common(observation, at);
    signs.forEach(
        (name, sign) -> {
          own(observation, sign, at);
          if (name.equals("bp")) {
            PRESSURES.forEach(code -> pressure(observation, code, at));
          }
        });
  }

  private void common(JsonNode observation, At at) {
    if (!Tree.has(observation, "subject")) {
      issues.add("required", at, "A vital sign says whose it is: the element subject is missing.");
    }
    JsonNode time = observation.get("effectiveDateTime");
    if (!Tree.hasPrimitive(observation, "effectiveDateTime")
        && !Tree.has(observation, "effectivePeriod")) {
      issues.add("required", at, "A vital sign has an effectiveDateTime or effectivePeriod.");
    }
    if (time != null && time.isString() && time.stringValue().length() < A_DAY) {
      issues.add(
          "invariant",
          at.chosen("effective", "dateTime"),
          "vs-1: if Observation.effective[x] is dateTime and has a value then that value shall be"
              + " precise to the day");
    }
    if (!Tree.has(observation, "component")
        && !Tree.has(observation, "hasMember")
        && !isAnswered(observation)) {
      issues.add(
          "invariant",
          at,
          "vs-2: If there is no component or hasMember element then either a value[x] or a data"
              + " absent reason must be present.");
    }
    JsonNode components = observation.path("component");
    for (int i = 0; i < components.size(); i++) {
      if (!isAnswered(components.get(i))) {
        issues.add(
            "invariant",
            at.named("component", i),
            "vs-3: If there is no a value a data absent reason must be present");
      }
    }
  }

  private static boolean isAnswered(JsonNode holder) {
    return Tree.has(holder, "dataAbsentReason") || Tree.value(holder) != null;
  }

  private void own(JsonNode observation, Sign sign, At at) {
    if (sign.code() != null && !isCoded(observation, sign.code())) {
      issues.add(
          "code-invalid",
          at.named("code"),
          "By its profile this observation has the LOINC code " + sign.code() + ".");
    }
    if (!sign.units().isEmpty()) {
      quantity(observation, sign.units(), at);
    }
  }

  private void pressure(JsonNode observation, String code, At at) {
    JsonNode components = observation.path("component");
    for (int i = 0; i < components.size(); i++) {
      if (isCoded(components.get(i), code)) {
        quantity(components.get(i), Set.of("mm[Hg]"), at.named("component", i));
        return;
      }
    }
    issues.add(
        "required", at, "A blood pressure has a component with the LOINC code " + code + ".");
  }

  private static boolean isCoded(JsonNode holder, String code) {
    for (JsonNode coding : holder.path("code").path("coding")) {
      if (code.equals(Tree.text(coding, "code"))
          && Codes.LOINC.equals(Tree.text(coding, "system"))) {
        return true;
      }
    }
    return false;
  }

  private void quantity(JsonNode holder, Set<String> units, At at) {
    JsonNode quantity = holder.get("valueQuantity");
    if (quantity == null) {
      return;
    }
    At place = at.chosen("value", "Quantity");
    for (String name : List.of("value", "unit", "system", "code")) {
      if (!Tree.hasPrimitive(quantity, name)) {
        issues.add("required", place, "By its profile this quantity has a " + name + ".");
      }
    }
    String system = Tree.text(quantity, "system");
    String unit = Tree.text(quantity, "code");
    if ((system != null && !system.equals(Codes.UCUM)) || (unit != null && !units.contains(unit))) {
      issues.add(
          "code-invalid",
          place,
          "By its profile this quantity is in one of UCUM's units "
              + String.join(", ", units.stream().sorted().toList())
              + ".");
    }
  }
}
