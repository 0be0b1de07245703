package org.clinisandbox.fhir;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads an Observation and its components. */
final class ObservationReader {
  private static final String ABSENT_SYSTEM =
      "http://terminology.hl7.org/CodeSystem/data-absent-reason";
  private static final String ABSENT_EXTENSION =
      "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

  private ObservationReader() {}

  static void read(Located located, Subject subject, List<ObservationFact> facts) {
    JsonNode observation = located.resource();
    String source = located.source();
    String status = Objects.requireNonNullElse(Nodes.text(observation, "status"), "unknown");
    Instant effective = effective(observation);
    Instant issued = FhirTime.earliest(Nodes.text(observation, "issued"));
    Collection<JsonNode> components = Nodes.elements(observation, "component");
    boolean panel = !components.isEmpty() || !Nodes.elements(observation, "hasMember").isEmpty();
    // The head of a panel states nothing itself, unless it says why its own value is absent.
    if (!panel || hasValue(observation) || observation.has("dataAbsentReason")) {
      facts.add(
          new ObservationFact(
              source,
              status,
              Nodes.codings(observation.get("code")),
              value(observation),
              effective,
              issued,
              subject));
    }
    int index = 0;
    for (JsonNode component : components) {
      facts.add(
          new ObservationFact(
              source + ".component[" + index++ + "]",
              status,
              Nodes.codings(component.get("code")),
              value(component),
              effective,
              issued,
              subject));
    }
  }

  private static @Nullable Instant effective(JsonNode observation) {
    String at = Nodes.text(observation, "effectiveDateTime");
    if (at == null) {
      at = Nodes.text(observation, "effectiveInstant");
    }
    if (at != null) {
      return FhirTime.earliest(at);
    }
    JsonNode period = observation.get("effectivePeriod");
    if (period != null) {
      return endOrStart(period);
    }
    JsonNode timing = observation.get("effectiveTiming");
    return timing == null ? null : last(timing);
  }

  private static @Nullable Instant endOrStart(JsonNode period) {
    String end = Nodes.text(period, "end");
    return FhirTime.earliest(end == null ? Nodes.text(period, "start") : end);
  }

  /** The last of a Timing's events; without any, its bounds like a Period. */
  private static @Nullable Instant last(JsonNode timing) {
    Instant last = null;
    for (JsonNode event : Nodes.elements(timing, "event")) {
      Instant at = event.isString() ? FhirTime.earliest(event.stringValue()) : null;
      if (at != null && (last == null || at.isAfter(last))) {
        last = at;
      }
    }
    return last == null ? endOrStart(timing.path("repeat").path("boundsPeriod")) : last;
  }

  private static boolean hasValue(JsonNode holder) {
    return Nodes.choice(holder, "value") != null || Nodes.choice(holder, "_value") != null;
  }

  private static Value value(JsonNode holder) {
    String name = Nodes.choice(holder, "value");
    if (name == null) {
      String twin = Nodes.choice(holder, "_value");
      return new Value.Absent(absentReason(holder, twin == null ? null : holder.get(twin)));
    }
    JsonNode value = holder.get(name);
    if (saysNothing(value)) {
      return new Value.Absent(absentReason(holder, value));
    }
    return switch (name) {
      case "valueQuantity" -> quantity(holder, value);
      case "valueCodeableConcept" ->
          new Value.Coded(Nodes.codings(value), Nodes.text(value, "text"));
      case "valueString" -> new Value.Text(value.stringValueOpt().orElse(""));
      case "valueBoolean" -> new Value.Truth(value.booleanValueOpt().orElse(false));
      case "valueInteger" ->
          value.isNumber()
              ? new Value.Quantity(value.decimalValue(), null, null, null, null)
              : new Value.Other("Integer");
      default -> new Value.Other(name.substring("value".length()));
    };
  }

  /** Whether a value has nothing but extensions, which may tell why. */
  private static boolean saysNothing(JsonNode value) {
    if (!value.isObject() || !value.has("extension")) {
      return false;
    }
    for (String name : value.propertyNames()) {
      if (!name.equals("extension") && !name.equals("id")) {
        return false;
      }
    }
    return true;
  }

  private static Value quantity(JsonNode holder, JsonNode quantity) {
    JsonNode number = quantity.get("value");
    if (number == null || !number.isNumber()) {
      JsonNode twin = quantity.get("_value");
      return new Value.Absent(absentReason(holder, twin == null ? quantity : twin));
    }
    return new Value.Quantity(
        number.decimalValue(),
        Nodes.text(quantity, "comparator"),
        Nodes.text(quantity, "unit"),
        Nodes.text(quantity, "system"),
        Nodes.text(quantity, "code"));
  }

  /** From dataAbsentReason, or from the extension of the same meaning on the value. */
  private static @Nullable String absentReason(JsonNode holder, @Nullable JsonNode value) {
    List<Coding> codings = Nodes.codings(holder.get("dataAbsentReason"));
    for (Coding coding : codings) {
      if (ABSENT_SYSTEM.equals(coding.system()) && coding.code() != null) {
        return coding.code();
      }
    }
    if (!codings.isEmpty() && codings.getFirst().code() != null) {
      return codings.getFirst().code();
    }
    if (value != null) {
      for (JsonNode extension : Nodes.elements(value, "extension")) {
        if (ABSENT_EXTENSION.equals(Nodes.text(extension, "url"))) {
          return Nodes.text(extension, "valueCode");
        }
      }
    }
    return null;
  }
}
