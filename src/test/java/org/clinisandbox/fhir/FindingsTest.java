package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class FindingsTest {
  @Test
  void the_operation_outcome_is_valid_r4() {
    for (boolean truncated : new boolean[] {false, true}) {
      ObjectNode outcome = findings(truncated).operationOutcome();

      assertThat(R4.errors(outcome)).isEmpty();
      assertThat(outcome.get("issue")).hasSize(truncated ? 2 : 1);
    }
    ObjectNode broken = findings(false).operationOutcome();
    ((ObjectNode) broken.get("issue").get(0)).put("code", "no-such-code");
    assertThat(R4.errors(broken)).isNotEmpty();
  }

  @Test
  void an_issue_carries_the_whole_finding() {
    assertThat(findings(false).operationOutcome().get("issue").get(0))
        .isEqualTo(
            Samples.json(
                "{'severity':'error','code':'not-found','diagnostics':'No entry.',"
                    + "'expression':['Bundle.entry[1].resource.subject.reference']}"));
  }

  @Test
  void a_rejection_without_a_finding_cannot_be_made() {
    assertThatThrownBy(() -> new Findings(List.of(), false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Findings findings(boolean truncated) {
    return new Findings(
        List.of(
            new Finding(
                Finding.Severity.ERROR,
                "not-found",
                "Bundle.entry[1].resource.subject.reference",
                "No entry.")),
        truncated);
  }
}
