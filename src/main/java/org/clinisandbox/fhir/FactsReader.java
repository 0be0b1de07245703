package org.clinisandbox.fhir;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes the facts out of a valid bundle's tree. Of an invalid one it takes what it can. */
final class FactsReader {
  private static final String ABSENT_SYSTEM =
      "http://terminology.hl7.org/CodeSystem/data-absent-reason";
  private static final String ABSENT_EXTENSION =
      "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

  private FactsReader() {}

  static Facts read(Subjects subjects, JsonNode bundle) {
    List<ObservationFact> facts = new ArrayList<>();
    for (Subjects.Entry entry : subjects.observations()) {
      observation(entry, subjects.of(entry), facts);
    }
    Subjects.Entry patient = subjects.patient();
    return new Facts(patient == null ? null : patient(patient), facts, List.of(), bundle);
  }

  private static PatientFact patient(Subjects.Entry entry) {
    JsonNode patient = entry.resource();
    return new PatientFact(
        source(entry),
        Nodes.text(patient, "gender"),
        FhirTime.date(Nodes.text(patient, "birthDate")),
        null);
  }

  private static void observation(
      Subjects.Entry entry, Subject subject, List<ObservationFact> facts) {
    JsonNode observation = entry.resource();
    String source = source(entry);
    String status = Objects.requireNonNullElse(Nodes.text(observation, "status"), "unknown");
    Instant effective = effective(observation);
    Instant issued = FhirTime.earliest(Nodes.text(observation, "issued"));
    List<JsonNode> components = List.copyOf(Nodes.elements(observation, "component"));
    // The head of a panel states nothing itself, unless it says why its own value is absent.
    if (components.isEmpty()
        || choice(observation, "value") != null
        || observation.has("dataAbsentReason")) {
      facts.add(
          new ObservationFact(
              source, status, codes(observation), value(observation), effective, issued, subject));
    }
    for (int i = 0; i < components.size(); i++) {
      JsonNode component = components.get(i);
      facts.add(
          new ObservationFact(
              source + ".component[" + i + "]",
              status,
              codes(component),
              value(component),
              effective,
              issued,
              subject));
    }
  }

  private static String source(Subjects.Entry entry) {
    String id = Nodes.text(entry.resource(), "id");
    return id == null ? entry.place() : Nodes.text(entry.resource(), "resourceType") + "/" + id;
  }

  private static List<Coding> codes(JsonNode holder) {
    return codings(holder.get("code"));
  }

  private static List<Coding> codings(@Nullable JsonNode concept) {
    return concept == null
        ? List.of()
        : Nodes.elements(concept, "coding").stream()
            .map(
                c ->
                    new Coding(
                        Nodes.text(c, "system"), Nodes.text(c, "code"), Nodes.text(c, "display")))
            .toList();
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
      String end = Nodes.text(period, "end");
      return FhirTime.earliest(end == null ? Nodes.text(period, "start") : end);
    }
    JsonNode timing = observation.get("effectiveTiming");
    return timing == null
        ? null
        : Nodes.elements(timing, "event").stream()
            .flatMap(e -> e.stringValueOpt().stream())
            .map(FhirTime::earliest)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null);
  }

  /** The property of a choice that is there, as {@code valueString} of {@code value}. */
  private static @Nullable String choice(JsonNode holder, String prefix) {
    for (String name : holder.propertyNames()) {
      if (name.length() > prefix.length()
          && name.startsWith(prefix)
          && Character.isUpperCase(name.charAt(prefix.length()))) {
        return name;
      }
    }
    return null;
  }

  private static Value value(JsonNode holder) {
    String name = choice(holder, "value");
    if (name == null) {
      String twin = choice(holder, "_value");
      return new Value.Absent(absentReason(holder, twin == null ? null : holder.get(twin)));
    }
    JsonNode value = holder.get(name);
    return switch (name) {
      case "valueQuantity" -> quantity(holder, value);
      case "valueCodeableConcept" -> new Value.Coded(codings(value), Nodes.text(value, "text"));
      case "valueString" -> new Value.Text(value.stringValueOpt().orElse(""));
      case "valueBoolean" -> new Value.Truth(value.booleanValueOpt().orElse(false));
      case "valueInteger" ->
          value.isNumber()
              ? new Value.Quantity(value.decimalValue(), null, null, null, null)
              : new Value.Other("Integer");
      default -> new Value.Other(name.substring("value".length()));
    };
  }

  private static Value quantity(JsonNode holder, JsonNode quantity) {
    JsonNode number = quantity.get("value");
    if (number == null || !number.isNumber()) {
      return new Value.Absent(absentReason(holder, quantity));
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
    List<Coding> codings = codings(holder.get("dataAbsentReason"));
    Optional<String> reason =
        codings.stream()
            .filter(c -> ABSENT_SYSTEM.equals(c.system()))
            .findFirst()
            .or(() -> codings.stream().findFirst())
            .map(Coding::code);
    if (reason.isPresent() || value == null) {
      return reason.orElse(null);
    }
    return Nodes.elements(value, "extension").stream()
        .filter(e -> ABSENT_EXTENSION.equals(Nodes.text(e, "url")))
        .flatMap(e -> Optional.ofNullable(Nodes.text(e, "valueCode")).stream())
        .findFirst()
        .orElse(null);
  }
}
