package org.clinisandbox.negotiation;

import java.util.List;
import java.util.stream.Stream;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;

/** The codes by which a requirement is known. */
final class Codes {
  private Codes() {}

  /** The preferred one first; none for what has no code of its own. */
  static List<Coding> of(Requirement requirement) {
    return switch (requirement) {
      case OfObservation observation ->
          Stream.concat(Stream.of(observation.code()), observation.accepts().stream())
              .map(code -> new Coding(observation.system(), code, null))
              .toList();
      case OfStatement statement -> statement.codes();
      case OfPatient p -> List.of();
      case OfGroup g -> List.of();
      case OfRule r -> List.of();
    };
  }
}
