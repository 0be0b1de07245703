package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class FindingsTest {
  @Test
  void the_operation_outcome_is_valid_r4() {
    FhirContext context = FhirContext.forR4();
    var validator =
        context
            .newValidator()
            .registerValidatorModule(
                new FhirInstanceValidator(
                    new ValidationSupportChain(
                        new DefaultProfileValidationSupport(context),
                        new InMemoryTerminologyServerValidationSupport(context),
                        new CommonCodeSystemsTerminologyService(context))));

    for (boolean truncated : new boolean[] {false, true}) {
      ObjectNode outcome = findings(truncated).operationOutcome();
      var result = validator.validateWithResult(outcome.toString());

      assertThat(result.getMessages())
          .extracting(SingleValidationMessage::getSeverity)
          .doesNotContain(ResultSeverityEnum.ERROR, ResultSeverityEnum.FATAL);
      assertThat(outcome.get("issue")).hasSize(truncated ? 2 : 1);
    }
    ObjectNode broken = findings(false).operationOutcome();
    ((ObjectNode) broken.get("issue").get(0)).put("code", "no-such-code");
    assertThat(validator.validateWithResult(broken.toString()).isSuccessful()).isFalse();
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
