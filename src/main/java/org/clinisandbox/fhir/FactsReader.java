package org.clinisandbox.fhir;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Takes the facts out of a valid bundle's tree. Of an invalid one it takes what it can. */
final class FactsReader {
  private FactsReader() {}

  static Facts read(Subjects subjects, JsonNode bundle) {
    List<ObservationFact> observations = new ArrayList<>();
    List<StatementFact> statements = new ArrayList<>();
    Medications medications = new Medications(subjects.entries());
    for (Located each : subjects.located()) {
      switch (each.kind()) {
        case OBSERVATION -> ObservationReader.read(each, subjects.of(each), observations);
        case CONDITION -> statements.add(StatementReader.condition(each, subjects.of(each)));
        case MEDICATION_STATEMENT ->
            statements.add(
                StatementReader.medicationStatement(
                    each, medications.codes(each), subjects.of(each)));
        case MEDICATION_REQUEST ->
            statements.add(
                StatementReader.medicationRequest(
                    each, medications.codes(each), subjects.of(each)));
      }
    }
    Entry patient = subjects.patient();
    return new Facts(
        patient == null ? null : PatientReader.read(patient), observations, statements, bundle);
  }
}
