package org.clinisandbox.fhir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What negotiation needs of a valid bundle, and nothing more: the one patient and the observations.
 *
 * @param patient null when the bundle holds no Patient resource
 * @param observations every Observation and every component of one, in the bundle's order
 */
public record Facts(@Nullable PatientFact patient, List<ObservationFact> observations) {
  public Facts {
    observations = List.copyOf(observations);
  }
}
