package org.clinisandbox.fhir;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Takes the facts out of a valid bundle's tree, entry by entry as validation walks over them, or
 * all at once. Of an invalid bundle it takes what it can.
 */
final class FactsReader {
  private final Subjects subjects;
  private final JsonNode bundle;
  private final Medications medications;
  private final List<ObservationFact> observations = new ArrayList<>();
  private final List<StatementFact> statements = new ArrayList<>();
  private int next;

  FactsReader(Subjects subjects, JsonNode bundle) {
    this.subjects = subjects;
    this.bundle = bundle;
    this.medications = new Medications(subjects.entries());
  }

  /** Reads an entry, and those before it that were not read. */
  void entry(int index) {
    List<Located> located = subjects.located();
    while (next < located.size() && located.get(next).entry().index() <= index) {
      read(located.get(next));
      next++;
    }
  }

  /** What was read, and all that was not. */
  Facts facts() {
    entry(Integer.MAX_VALUE);
    Entry patient = subjects.patient();
    return new Facts(
        patient == null ? null : PatientReader.read(patient), observations, statements, bundle);
  }

  private void read(Located each) {
    switch (each.kind()) {
      case OBSERVATION -> ObservationReader.read(each, subjects.of(each), observations);
      case CONDITION -> statements.add(StatementReader.condition(each, subjects.of(each)));
      case MEDICATION_STATEMENT ->
          statements.add(
              StatementReader.medicationStatement(
                  each, medications.codes(each), subjects.of(each)));
      case MEDICATION_REQUEST ->
          statements.add(
              StatementReader.medicationRequest(each, medications.codes(each), subjects.of(each)));
    }
  }
}
