package org.clinisandbox.fhir.differential;

import java.util.List;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Checked;
import org.clinisandbox.fhir.Finding;
import tools.jackson.databind.JsonNode;

/** The validator that is judged. */
@FunctionalInterface
interface Candidate {
  /** Everything that is wrong with a bundle of any shape; empty when it is valid. */
  List<Finding> findings(JsonNode bundle);

  /** Whether it is so quick that it may see all of HL7's examples in each build. */
  boolean QUICK = true;

  /** The one to judge: the only line to change for another one, beside {@link #QUICK}. */
  static Candidate current() {
    return ofProduct();
  }

  /** The product's whole check, without its rule that there is one patient. */
  static Candidate ofProduct() {
    BundleCheck check = new BundleCheck(1000);
    return bundle ->
        switch (check.check(bundle)) {
          case Checked.Valid valid -> List.of();
          case Checked.Invalid invalid ->
              invalid.findings().list().stream()
                  .filter(finding -> !finding.code().equals("multiple-matches"))
                  .toList();
        };
  }
}
