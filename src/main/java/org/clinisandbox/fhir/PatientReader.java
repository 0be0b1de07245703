package org.clinisandbox.fhir;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the Patient resource. */
final class PatientReader {
  private static final String RACE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
  private static final String RACE_CODES = "urn:oid:2.16.840.1.113883.6.238";

  private PatientReader() {}

  static PatientFact read(Entry entry) {
    JsonNode patient = entry.resource();
    return new PatientFact(
        Objects.requireNonNullElse(Entry.name(patient), entry.place()),
        Nodes.text(patient, "gender"),
        FhirTime.date(Nodes.text(patient, "birthDate")),
        race(patient));
  }

  /** From US Core's race extension: the category of the OMB, or that there are several. */
  private static @Nullable String race(JsonNode patient) {
    String found = null;
    for (JsonNode extension : Nodes.elements(patient, "extension")) {
      if (!RACE.equals(Nodes.text(extension, "url"))) {
        continue;
      }
      for (JsonNode part : Nodes.elements(extension, "extension")) {
        JsonNode coding = part.get("valueCoding");
        String category =
            coding != null && "ombCategory".equals(Nodes.text(part, "url"))
                ? category(coding)
                : null;
        if (category != null) {
          found = found == null || found.equals(category) ? category : "multiple";
        }
      }
    }
    return found;
  }

  private static @Nullable String category(JsonNode coding) {
    return !RACE_CODES.equals(Nodes.text(coding, "system"))
        ? null
        : switch (Nodes.text(coding, "code")) {
          case "1002-5" -> "american-indian";
          case "2028-9" -> "asian";
          case "2054-5" -> "black";
          case "2076-8" -> "pacific-islander";
          case "2106-3" -> "white";
          case null, default -> null;
        };
  }
}
