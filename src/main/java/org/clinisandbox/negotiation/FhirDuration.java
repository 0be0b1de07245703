package org.clinisandbox.negotiation;

import java.time.Duration;
import org.clinisandbox.fhir.Coding;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A duration as a whole number of one UCUM unit: d, h, min or s. */
record FhirDuration(long value, String code) {
  /** In the biggest unit that is whole; hours up to two days. */
  static FhirDuration of(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0 && seconds > 2 * 86_400) {
      return new FhirDuration(seconds / 86_400, "d");
    }
    if (seconds % 3_600 == 0) {
      return new FhirDuration(seconds / 3_600, "h");
    }
    return seconds % 60 == 0
        ? new FhirDuration(seconds / 60, "min")
        : new FhirDuration(seconds, "s");
  }

  /** As a FHIR Duration. */
  ObjectNode toQuantity() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("value", value)
        .put("system", Coding.UCUM)
        .put("code", code);
  }
}
