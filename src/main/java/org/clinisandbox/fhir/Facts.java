package org.clinisandbox.fhir;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What negotiation needs of a valid bundle: the one patient, the observations and the statements.
 *
 * @param patient null when the bundle holds no Patient resource
 * @param observations every Observation and every component of one, in the bundle's order
 * @param statements every condition and medication, in the bundle's order
 * @param bundle the bundle itself, for a model's own rules
 */
public record Facts(
    @Nullable PatientFact patient,
    List<ObservationFact> observations,
    List<StatementFact> statements,
    JsonNode bundle) {
  public Facts {
    observations = List.copyOf(observations);
    statements = List.copyOf(statements);
  }
}
