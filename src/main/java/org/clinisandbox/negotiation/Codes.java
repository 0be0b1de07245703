package org.clinisandbox.negotiation;

import java.util.List;
import java.util.stream.Stream;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.registry.Requirement.OfObservation;

/** The codes by which a requirement is known. */
final class Codes {
  private Codes() {}

  /** The preferred one first. */
  static List<Coding> of(OfObservation observation) {
    return Stream.concat(Stream.of(observation.code()), observation.accepts().stream())
        .map(code -> new Coding(observation.system(), code, null))
        .toList();
  }
}
