package org.clinisandbox.fhir;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the Patient resource. */
final class PatientReader {
  private static final String RACE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";

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
                ? PatientFact.raceOf(Nodes.text(coding, "system"), Nodes.text(coding, "code"))
                : null;
        if (category != null) {
          found = found == null || found.equals(category) ? category : "multiple";
        }
      }
    }
    return found;
  }
}
