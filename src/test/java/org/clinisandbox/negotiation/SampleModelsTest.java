package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.gaps;
import static org.clinisandbox.negotiation.Given.inputs;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.obs;

import java.time.Duration;
import java.util.List;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.registry.Manifest;
import org.junit.jupiter.api.Test;

/** Three well-known scores, as a vendor would declare them. */
class SampleModelsTest {
  private static final Manifest NEWS2 =
      Given.manifest(
          """
          population: { age: { low: 16 } }
          required_observations:
            - { name: respiration, code: "9279-1", unit: "/min", range: { low: 0, high: 120 }, max_age: PT24H, answered_by: nurse }
            - { name: spo2, code: "59408-5", accepts: ["2708-6"], unit: "%", range: { low: 0, high: 100 }, max_age: PT24H, answered_by: nurse }
            - { name: oxygen, code: "3151-8", unit: "L/min", mandatory: false, default: 0, max_age: PT24H, answered_by: nurse }
            - { name: systolic, code: "8480-6", unit: "mm[Hg]", range: { low: 20, high: 350 }, max_age: PT24H, answered_by: nurse }
            - { name: pulse, code: "8867-4", unit: "/min", range: { low: 0, high: 350 }, max_age: PT24H, answered_by: nurse }
            - name: consciousness
              code: "67775-7"
              max_age: PT24H
              answered_by: nurse
              coded:
                allowed:
                  - { system: "http://loinc.org", code: LA9340-6, display: Alert, value: alert }
                  - { system: "http://snomed.info/sct", code: "248234008", display: Mentally alert, value: alert }
                  - { system: "http://snomed.info/sct", code: "40917007", display: Clouded consciousness, value: confused }
            - { name: temperature, code: "8310-5", accepts: ["8331-1"], unit: Cel, range: { low: 20, high: 50 }, max_age: PT24H, answered_by: nurse }
          """);
  private static final Manifest CKD_EPI =
      Given.manifest(
          """
          population: { age: { low: 18 }, sex: [female, male] }
          required_patient: [age, sex]
          required_observations:
            - { name: creatinine, code: "2160-0", accepts: ["38483-4", "14682-9"], unit: mg/dL,
                range: { low: 0.1, high: 40 }, max_age: P90D, answered_by: lab }
          """);
  private static final Manifest FIB4 =
      Given.manifest(
          """
          required_patient: [age]
          required_observations:
            - { name: ast, code: "1920-8", unit: U/L, answered_by: lab }
            - { name: alt, code: "1742-6", unit: U/L, answered_by: lab }
            - { name: platelets, code: "777-3", unit: 10*9/L, range: { low: 1, high: 5000 }, answered_by: lab }
          """);

  private static List<String> told(Verdict verdict) {
    return inputs(verdict).stream()
        .map(
            input ->
                switch (input.value()) {
                  case Input.Value.Numeric(var number) -> input.name() + " " + number;
                  case Input.Value.Word(String word) -> input.name() + " " + word;
                  case Input.Value.Truth(boolean truth) -> input.name() + " " + truth;
                })
        .toList();
  }

  private static Given.Obs[] ward() {
    return new Given.Obs[] {
      obs("rr", "9279-1", "21", "{breaths}/min"),
      obs("spo2", "2708-6", "93", "%"),
      obs("bp", "85354-9", new Value.Absent(null)),
      obs("bp.component[0]", "8480-6", "120", "mm[Hg]"),
      obs("bp.component[1]", "8462-4", "80", "mm[Hg]"),
      obs("hr", "8867-4", "95", "/min"),
      obs("c", "67775-7", new Value.Coded(List.of(), "Alert")),
      obs("t", "8331-1", "99.5", "[degF]")
    };
  }

  @Test
  void a_ward_round_is_ready_for_news2_and_air_is_assumed() {
    Verdict verdict = negotiate(NEWS2, ward());
    assertThat(verdict).isInstanceOf(Verdict.Ready.class);
    assertThat(told(verdict))
        .containsExactly(
            "respiration 21",
            "spo2 93",
            "oxygen 0",
            "systolic 120",
            "pulse 95",
            "consciousness alert",
            "temperature 37.5");
    assertThat(gaps(verdict)).extracting(Gap::name).containsExactly("oxygen");
  }

  @Test
  void half_a_ward_round_lists_the_rest_for_news2() {
    Verdict verdict = negotiate(NEWS2, ward()[0], ward()[1], ward()[7].ago(Duration.ofDays(2)));
    assertThat(gaps(verdict))
        .extracting(gap -> gap.name() + " " + gap.reason().label() + " " + gap.mandatory())
        .containsExactly(
            "oxygen missing false",
            "systolic missing true",
            "pulse missing true",
            "consciousness missing true",
            "temperature stale true");
    assertThat(((Verdict.DataRequired) verdict).required()).isEqualTo(6);
  }

  @Test
  void creatinine_may_come_in_moles_for_ckd_epi() {
    assertThat(told(negotiate(CKD_EPI, obs("c", "14682-9", "106.08", "umol/L"))))
        .containsExactly("age 67", "sex female", "creatinine 1.2");
    assertThat(
            gaps(
                negotiate(
                    CKD_EPI,
                    Given.facts(
                        null,
                        List.of(
                            obs("c", "2160-0", "1.2", "mg/dL")
                                .coded(
                                    new Coding(Coding.LOINC, "2160-0", null),
                                    new Coding(Coding.LOINC, "38483-4", null))
                                .fact())))))
        .extracting(Gap::name)
        .containsExactly("age", "sex");
  }

  @Test
  void platelets_are_counted_in_the_unit_of_fib_4() {
    assertThat(
            told(
                negotiate(
                    FIB4,
                    obs("a", "1920-8", "107", "[IU]/L"),
                    obs("b", "1742-6", "104", "U/L"),
                    obs("p", "777-3", "181000", "/uL"))))
        .containsExactly("age 67", "ast 107", "alt 104", "platelets 181");
  }
}
