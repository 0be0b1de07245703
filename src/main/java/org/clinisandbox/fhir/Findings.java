package org.clinisandbox.fhir;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Why a bundle was rejected.
 *
 * @param list in the bundle's order, never empty
 * @param truncated whether there were more
 */
public record Findings(List<Finding> list, boolean truncated) {
  public Findings {
    list = List.copyOf(list);
    if (list.isEmpty()) {
      throw new IllegalArgumentException("a rejection needs a finding");
    }
  }

  /** The same as an R4 OperationOutcome; when truncated, its last issue says so. */
  public ObjectNode operationOutcome() {
    ObjectNode outcome = Json.MAPPER.createObjectNode().put("resourceType", "OperationOutcome");
    ArrayNode issues = outcome.putArray("issue");
    for (Finding finding : list) {
      issues
          .addObject()
          .put("severity", finding.severity().fhirCode())
          .put("code", finding.code())
          .put("diagnostics", finding.message())
          .putArray("expression")
          .add(finding.expression());
    }
    if (truncated) {
      issues
          .addObject()
          .put("severity", "information")
          .put("code", "incomplete")
          .put("diagnostics", "There are more findings; correct these and send the bundle again.");
    }
    return outcome;
  }
}
