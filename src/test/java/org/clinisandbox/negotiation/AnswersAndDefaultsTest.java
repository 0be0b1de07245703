package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.gaps;
import static org.clinisandbox.negotiation.Given.inputs;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.obs;
import static org.clinisandbox.negotiation.Given.onlyGap;
import static org.clinisandbox.negotiation.Given.onlyInput;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.registry.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersAndDefaultsTest {
  private static final String SNOMED = "http://snomed.info/sct";
  private static final Manifest CONSCIOUSNESS =
      Given.needing(
          "67775-7",
          """
          coded: { allowed: [
            { system: "http://loinc.org", code: LA9340-6, display: Alert, value: alert },
            { system: "http://snomed.info/sct", code: "248234008", display: Mentally alert, value: alert },
            { system: "http://loinc.org", code: LA17108-4, display: Responds to voice, value: voice } ] }
          """);
  private static final Manifest OXYGEN =
      Given.needing(
          "3151-8",
          "unit: \"L/min\", mandatory: false, default: 0, max_age: PT24H, range: { low: 0, high: 100 }");
  private static final Manifest OPTIONAL =
      Given.needing("3151-8", "unit: \"L/min\", mandatory: false");

  private static Verdict consciousness(Value value) {
    return negotiate(CONSCIOUSNESS, obs("a", "67775-7", value));
  }

  private static Value coded(Coding... codings) {
    return new Value.Coded(List.of(codings), null);
  }

  private static void assertWord(Verdict verdict, String word) {
    Input input = onlyInput(verdict);
    assertThat(input.value()).isEqualTo(new Input.Value.Word(word));
    assertThat(input.unit()).isNull();
  }

  @Test
  void any_coding_of_a_value_may_be_an_answer() {
    assertWord(consciousness(coded(new Coding(Coding.LOINC, "LA9340-6", null))), "alert");
    assertWord(
        consciousness(
            coded(new Coding("urn:local", "V", null), new Coding(Coding.LOINC, "LA17108-4", null))),
        "voice");
    assertWord(
        consciousness(
            coded(
                new Coding(SNOMED, "248234008", null), new Coding(Coding.LOINC, "LA9340-6", null))),
        "alert");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Responds to voice", " responds TO voice ", "voice", "VOICE"})
  void a_text_that_is_a_display_or_a_word_is_an_answer(String text) {
    assertWord(consciousness(new Value.Text(text)), "voice");
    assertWord(consciousness(new Value.Coded(List.of(), text)), "voice");
    assertWord(
        consciousness(new Value.Coded(List.of(new Coding("urn:local", "V", null)), text)), "voice");
  }

  @Test
  void a_coding_counts_more_than_a_text() {
    assertWord(
        consciousness(
            new Value.Coded(List.of(new Coding(Coding.LOINC, "LA9340-6", null)), "voice")),
        "alert");
  }

  @Test
  void what_is_none_of_the_answers_is_refused() {
    for (Value value :
        List.of(
            coded(new Coding(SNOMED, "LA9340-6", null)),
            new Value.Text("sleepy"),
            new Value.Coded(List.of(), null))) {
      Gap gap = onlyGap(consciousness(value));
      assertThat(gap.reason()).isEqualTo(Reason.NOT_A_NUMBER);
      assertThat(gap.unknownCode()).isTrue();
    }
    for (Value value :
        List.of(Given.quantity("15", "{score}"), new Value.Truth(true), new Value.Other("Ratio"))) {
      Gap gap = onlyGap(consciousness(value));
      assertThat(gap.reason()).isEqualTo(Reason.NOT_A_NUMBER);
      assertThat(gap.unknownCode()).isFalse();
    }
  }

  @Test
  void codings_for_different_answers_are_refused() {
    assertThat(
            onlyGap(
                    consciousness(
                        coded(
                            new Coding(Coding.LOINC, "LA9340-6", null),
                            new Coding(Coding.LOINC, "LA17108-4", null))))
                .reason())
        .isEqualTo(Reason.NOT_A_NUMBER);
  }

  @Test
  void a_silent_record_lets_the_default_be_assumed_and_says_so() {
    Verdict verdict = negotiate(OXYGEN);
    assertThat(onlyInput(verdict))
        .isEqualTo(
            new Input(
                "x",
                new Input.Value.Numeric(BigDecimal.ZERO),
                "L/min",
                "3151-8",
                Input.ASSUMED,
                null,
                null,
                null,
                List.of()));
    assertThat(onlyGap(verdict).mandatory()).isFalse();
    assertThat(onlyGap(verdict).reason()).isEqualTo(Reason.MISSING);
  }

  @Test
  void a_default_may_be_a_word() {
    Manifest manifest =
        Given.needing(
            "67775-7",
            "mandatory: false, default: b, coded: { allowed: [ { system: \"http://a\", code: a, value: b } ] }");
    assertThat(onlyInput(negotiate(manifest)).value()).isEqualTo(new Input.Value.Word("b"));
  }

  @Test
  void an_optional_input_without_default_is_left_out() {
    Verdict verdict = negotiate(OPTIONAL);
    assertThat(verdict).isInstanceOf(Verdict.Ready.class);
    assertThat(inputs(verdict)).isEmpty();
    assertThat(onlyGap(verdict).mandatory()).isFalse();
  }

  @Test
  void void_absent_foreign_and_outdated_values_are_silence() {
    Given.Obs five = obs("a", "3151-8", "5", "L/min");
    for (Given.Obs silent :
        List.of(
            five.status("entered-in-error"),
            five.status("cancelled"),
            five.status("preliminary").of(Subject.OTHER),
            obs("a", "3151-8", new Value.Absent("unknown")).status("preliminary"),
            five.of(Subject.OTHER),
            five.ago(Duration.ofHours(25)),
            five.ago(Duration.ofHours(25)).status("preliminary"),
            five.at(null),
            obs("a", "3151-8", new Value.Absent("unknown")))) {
      assertThat(onlyInput(negotiate(OXYGEN, silent)).source()).isEqualTo(Input.ASSUMED);
    }
  }

  @Test
  void a_current_value_that_can_not_be_used_is_never_replaced_by_an_assumption() {
    Given.Obs five = obs("a", "3151-8", "5", "L/min");
    for (Manifest manifest : List.of(OXYGEN, OPTIONAL)) {
      for (List<Given.Obs> unread :
          List.of(
              List.of(obs("a", "3151-8", "5", "kg")),
              List.of(obs("a", "3151-8", new Value.Text("five"))),
              List.of(
                  obs(
                      "a",
                      "3151-8",
                      new Value.Quantity(BigDecimal.TEN, ">", "L/min", Coding.UCUM, "L/min"))),
              List.of(five, obs("b", "3151-8", "6", "L/min")),
              List.of(five.at(Given.NOW.plus(Duration.ofHours(1)))),
              List.of(five.status("preliminary")),
              List.of(five.status("registered")),
              List.of(five.status("preliminary"), five.status("entered-in-error")))) {
        Verdict verdict = negotiate(manifest, unread.toArray(Given.Obs[]::new));
        assertThat(verdict).isInstanceOf(Verdict.DataRequired.class);
        assertThat(onlyGap(verdict).mandatory()).isTrue();
        assertThat(((Verdict.DataRequired) verdict).required()).isEqualTo(1);
      }
    }
    assertThat(onlyGap(negotiate(OXYGEN, obs("a", "3151-8", "500", "L/min"))).mandatory()).isTrue();
  }

  @Test
  void a_pending_value_keeps_an_outdated_one_from_being_silence() {
    Given.Obs five = obs("a", "3151-8", "5", "L/min");
    Gap gap =
        onlyGap(negotiate(OXYGEN, five.ago(Duration.ofHours(25)), five.status("preliminary")));
    assertThat(gap.reason()).isEqualTo(Reason.STALE);
    assertThat(gap.mandatory()).isTrue();
  }

  @Test
  void gaps_stand_cheapest_first_and_then_in_the_manifests_order() {
    Verdict verdict =
        negotiate(
            Given.manifest(
                """
                required_patient: [age]
                required_observations:
                  - { name: a, code: "2160-0", answered_by: lab }
                  - { name: b, code: "8310-5", answered_by: nurse, mandatory: false }
                  - { name: c, code: "8867-4", answered_by: record }
                  - { name: d, code: "8310-5", answered_by: nurse }
                  - { name: e, code: "8867-4" }
                  - { name: f, code: "9279-1", answered_by: patient }
                """),
            Given.facts(null, List.of(obs("t", "9279-1", "20", null).fact())));
    assertThat(gaps(verdict)).extracting(Gap::name).containsExactly("age", "b", "d", "e", "a", "c");
    assertThat(inputs(verdict)).extracting(Input::name).containsExactly("f");
    assertThat(((Verdict.DataRequired) verdict).required()).isEqualTo(6);
  }

  @Test
  void questions_are_the_manifests_own_or_plain_ones() {
    assertThat(onlyGap(negotiate(Given.needing("8310-5", "ask: How warm?"))).ask(Given.ENGLISH))
        .isEqualTo("How warm?");
    assertThat(
            onlyGap(negotiate(Given.needing("8310-5", "unit: Cel, answered_by: nurse")))
                .ask(Given.ENGLISH))
        .isEqualTo("X: what is it now, in °C?");
    assertThat(
            onlyGap(negotiate(Given.needing("2160-0", "unit: mg/dL, answered_by: lab")))
                .ask(Given.ENGLISH))
        .isEqualTo("X: what is the newest result, in mg/dL?");
    assertThat(onlyGap(negotiate(CONSCIOUSNESS)).ask(Given.ENGLISH))
        .isEqualTo("X: what is it now (alert or voice)?");
  }
}
