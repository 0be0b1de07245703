package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;
import static org.clinisandbox.negotiation.Given.facts;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.obs;
import static org.clinisandbox.negotiation.Given.onlyGap;
import static org.clinisandbox.negotiation.Given.onlyInput;
import static org.clinisandbox.negotiation.Given.quantity;

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

class WhichValueTest {
  private static final Manifest TEMPERATURE =
      Given.needing(
          "8310-5",
          "accepts: [\"8331-1\"], unit: Cel, range: { low: 25, high: 45 }, max_age: PT24H");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private static Given.Obs temperature(String id, String celsius) {
    return obs(id, "8310-5", celsius, "Cel");
  }

  private static void assertReason(Verdict verdict, Reason reason) {
    assertThat(verdict).isInstanceOf(Verdict.DataRequired.class);
    assertThat(onlyGap(verdict).reason()).isEqualTo(reason);
  }

  @Test
  void nothing_is_missing() {
    assertReason(negotiate(TEMPERATURE), Reason.MISSING);
    assertReason(negotiate(TEMPERATURE, obs("a", "8867-4", "37", "Cel")), Reason.MISSING);
  }

  @Test
  void an_input_carries_its_source_and_times() {
    assertThat(onlyInput(negotiate(TEMPERATURE, temperature("t", "39.4"))))
        .isEqualTo(
            new Input(
                "x",
                new Input.Value.Numeric(new BigDecimal("39.4")),
                "Cel",
                "8310-5",
                "Observation/t",
                NOW.minus(HOUR),
                NOW.plus(Duration.ofHours(23)),
                null,
                List.of()));
  }

  @Test
  void any_coding_may_match_code_or_accepts() {
    assertThat(
            onlyInput(
                    negotiate(
                        TEMPERATURE,
                        temperature("t", "37")
                            .coded(
                                new Coding("urn:local", "TEMP", null),
                                new Coding(Coding.LOINC, "8331-1", null))))
                .source())
        .isEqualTo("Observation/t");
  }

  @Test
  void a_code_of_another_system_does_not_match() {
    assertReason(
        negotiate(
            TEMPERATURE,
            temperature("a", "37").coded(new Coding("http://snomed.info/sct", "8310-5", null)),
            temperature("b", "37").coded(new Coding(null, "8310-5", null))),
        Reason.MISSING);
  }

  @Test
  void a_component_counts_like_an_observation() {
    assertThat(
            onlyInput(
                    negotiate(
                        Given.needing("8480-6", "unit: \"mm[Hg]\""),
                        obs("bp", "85354-9", new Value.Absent(null)),
                        obs("bp.component[0]", "8480-6", "120", "mm[Hg]")))
                .source())
        .isEqualTo("Observation/bp.component[0]");
  }

  @Test
  void the_newest_usable_value_wins() {
    assertThat(
            onlyInput(
                    negotiate(
                        TEMPERATURE,
                        temperature("old", "36").ago(HOUR.multipliedBy(3)),
                        temperature("new", "39").ago(HOUR),
                        temperature("middle", "37").ago(HOUR.multipliedBy(2))))
                .source())
        .isEqualTo("Observation/new");
  }

  @Test
  void issued_breaks_a_tie() {
    assertThat(
            onlyInput(
                    negotiate(
                        TEMPERATURE,
                        temperature("a", "37").issued(NOW.minusSeconds(60)),
                        temperature("b", "37").issued(NOW.minusSeconds(30)),
                        temperature("c", "37")))
                .source())
        .isEqualTo("Observation/b");
  }

  @Test
  void a_timed_value_is_newer_than_one_without_a_time() {
    assertThat(
            onlyInput(
                    negotiate(
                        Given.needing("8310-5", ""),
                        temperature("untimed", "36").at(null).issued(NOW),
                        temperature("timed", "39").ago(DAY)))
                .source())
        .isEqualTo("Observation/timed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"preliminary", "registered", "unknown", "entered-in-error", "cancelled"})
  void other_statuses_are_skipped_for_the_next_newest(String status) {
    assertThat(
            onlyInput(
                    negotiate(
                        TEMPERATURE,
                        temperature("old", "36").ago(HOUR.multipliedBy(2)),
                        temperature("new", "39").status(status)))
                .source())
        .isEqualTo("Observation/old");
    assertReason(negotiate(TEMPERATURE, temperature("new", "39").status(status)), Reason.STATUS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"final", "amended", "corrected"})
  void three_statuses_are_usable(String status) {
    assertThat(onlyInput(negotiate(TEMPERATURE, temperature("a", "39").status(status))).source())
        .isEqualTo("Observation/a");
  }

  @Test
  void statuses_widen_what_is_usable() {
    Manifest widened = Given.needing("8310-5", "unit: Cel, statuses: [preliminary]");
    assertThat(
            onlyInput(
                    negotiate(
                        widened,
                        temperature("old", "36").ago(DAY),
                        temperature("new", "39").status("preliminary")))
                .source())
        .isEqualTo("Observation/new");
    assertThat(onlyInput(negotiate(widened, temperature("old", "36").status("amended"))).source())
        .isEqualTo("Observation/old");
  }

  @Test
  void absent_data_is_skipped_for_the_next_newest() {
    assertThat(
            onlyInput(
                    negotiate(
                        TEMPERATURE,
                        temperature("old", "36").ago(HOUR.multipliedBy(2)),
                        obs("new", "8310-5", new Value.Absent("asked-unknown"))))
                .source())
        .isEqualTo("Observation/old");
  }

  @Test
  void absent_data_gives_its_reason_when_nothing_else_is_left() {
    Verdict verdict =
        negotiate(TEMPERATURE, obs("new", "8310-5", new Value.Absent("asked-unknown")));
    assertReason(verdict, Reason.DATA_ABSENT);
    assertThat(onlyGap(verdict).detail()).contains("(asked-unknown)");
  }

  @Test
  void somebody_elses_value_is_never_used() {
    Given.Obs other = temperature("other", "39").of(Subject.OTHER);
    assertReason(negotiate(TEMPERATURE, other), Reason.WRONG_SUBJECT);
    assertThat(
            onlyInput(
                    negotiate(
                        TEMPERATURE, other, temperature("own", "36").ago(HOUR.multipliedBy(2))))
                .source())
        .isEqualTo("Observation/own");
  }

  @Test
  void a_value_without_a_subject_is_the_patients() {
    assertThat(
            onlyInput(negotiate(TEMPERATURE, temperature("a", "39").of(Subject.UNSTATED))).source())
        .isEqualTo("Observation/a");
  }

  @Test
  void of_several_reasons_to_skip_the_first_is_given() {
    assertReason(
        negotiate(
            TEMPERATURE,
            temperature("a", "39").of(Subject.OTHER),
            obs("b", "8310-5", new Value.Absent(null)),
            temperature("c", "39").status("cancelled").ago(DAY)),
        Reason.STATUS);
    assertReason(
        negotiate(
            TEMPERATURE,
            temperature("a", "39").of(Subject.OTHER),
            obs("b", "8310-5", new Value.Absent(null))),
        Reason.DATA_ABSENT);
  }

  @Test
  void two_different_values_of_one_second_are_in_conflict() {
    assertReason(
        negotiate(
            TEMPERATURE,
            temperature("a", "37").at(NOW.minusMillis(3600_900)),
            temperature("b", "37.1").at(NOW.minusMillis(3600_100)).issued(NOW)),
        Reason.CONFLICT);
  }

  @Test
  void the_next_second_is_not_in_conflict() {
    assertThat(
            onlyInput(
                    negotiate(
                        TEMPERATURE,
                        temperature("a", "37").at(NOW.minusSeconds(61)),
                        temperature("b", "38").at(NOW.minusSeconds(60))))
                .source())
        .isEqualTo("Observation/b");
  }

  @Test
  void an_old_conflict_is_of_no_interest() {
    assertThat(
            onlyInput(
                    negotiate(
                        TEMPERATURE,
                        temperature("a", "37").ago(HOUR.multipliedBy(2)),
                        temperature("b", "38").ago(HOUR.multipliedBy(2)),
                        temperature("c", "36")))
                .source())
        .isEqualTo("Observation/c");
  }

  @Test
  void conflict_is_judged_after_conversion_and_within_the_tolerance() {
    Manifest tolerant = Given.needing("8310-5", "unit: Cel, tolerance: 0.2");
    assertThat(negotiate(tolerant, temperature("a", "37"), obs("b", "8310-5", "98.96", "[degF]")))
        .isInstanceOf(Verdict.Ready.class);
    assertReason(
        negotiate(tolerant, temperature("a", "37"), obs("b", "8310-5", "98.97", "[degF]")),
        Reason.CONFLICT);
    assertThat(negotiate(TEMPERATURE, temperature("a", "37"), obs("b", "8310-5", "98.6", "[degF]")))
        .isInstanceOf(Verdict.Ready.class);
  }

  @Test
  void different_answers_of_one_second_are_in_conflict() {
    Manifest coded =
        Given.needing(
            "67775-7",
            "coded: { allowed: [ { system: \"http://a\", code: a, value: alert },"
                + " { system: \"http://a\", code: v, value: voice } ] }");
    assertReason(
        negotiate(
            coded,
            obs("a", "67775-7", new Value.Text("alert")),
            obs("b", "67775-7", new Value.Text("voice"))),
        Reason.CONFLICT);
    assertThat(
            negotiate(
                coded,
                obs("a", "67775-7", new Value.Text("alert")),
                obs("b", "67775-7", new Value.Text("Alert "))))
        .isInstanceOf(Verdict.Ready.class);
  }

  @Test
  void without_a_unit_values_of_one_second_must_still_agree() {
    Manifest anyUnit = Given.needing("8310-5", "");
    assertThat(negotiate(anyUnit, temperature("a", "37"), obs("b", "8310-5", "98.6", "[degF]")))
        .isInstanceOf(Verdict.Ready.class);
    assertReason(
        negotiate(anyUnit, temperature("a", "37"), obs("b", "8310-5", "37", "kg")),
        Reason.CONFLICT);
    assertReason(
        negotiate(anyUnit, temperature("a", "37"), obs("b", "8310-5", "37", null)),
        Reason.CONFLICT);
  }

  @Test
  void different_values_without_a_time_are_in_conflict() {
    assertReason(
        negotiate(
            Given.needing("8310-5", ""),
            temperature("a", "37").at(null),
            temperature("b", "38").at(null).issued(NOW)),
        Reason.CONFLICT);
  }

  @Test
  void of_twins_the_one_that_can_not_be_read_counts() {
    assertReason(
        negotiate(TEMPERATURE, temperature("a", "37"), obs("b", "8310-5", "37", "kg")),
        Reason.UNIT);
  }

  @Test
  void five_minutes_in_the_future_is_still_now() {
    assertThat(negotiate(TEMPERATURE, temperature("a", "37").at(NOW.plus(Duration.ofMinutes(5)))))
        .isInstanceOf(Verdict.Ready.class);
    assertReason(
        negotiate(
            TEMPERATURE,
            temperature("a", "37").at(NOW.plus(Duration.ofMinutes(5)).plusMillis(1)),
            temperature("b", "37")),
        Reason.FUTURE);
  }

  @Test
  void a_value_of_exactly_max_age_is_in_time() {
    assertThat(negotiate(TEMPERATURE, temperature("a", "37").ago(DAY)))
        .isInstanceOf(Verdict.Ready.class);
    Verdict late = negotiate(TEMPERATURE, temperature("a", "37").ago(DAY.plusMillis(1)));
    assertReason(late, Reason.STALE);
    assertThat(onlyGap(late).detail())
        .isEqualTo("Newest value is from 2026-11-20T11:59:59.999Z; it must be at most 24 h old.");
  }

  @Test
  void a_value_without_a_time_is_stale_where_age_matters() {
    assertReason(negotiate(TEMPERATURE, temperature("a", "37").at(null).issued(NOW)), Reason.STALE);
    Input input =
        onlyInput(negotiate(Given.needing("8310-5", "unit: Cel"), temperature("a", "37").at(null)));
    assertThat(input.effective()).isNull();
    assertThat(input.expires()).isNull();
  }

  @Test
  void a_bad_newest_value_is_the_gap_and_no_older_one_steps_in() {
    Given.Obs older = temperature("old", "37").ago(HOUR.multipliedBy(2));
    assertReason(negotiate(TEMPERATURE, older, temperature("a", "370")), Reason.IMPLAUSIBLE);
    assertReason(negotiate(TEMPERATURE, older, obs("a", "8310-5", "37", "kg")), Reason.UNIT);
    assertReason(
        negotiate(TEMPERATURE, older, obs("a", "8310-5", new Value.Text("warm"))),
        Reason.NOT_A_NUMBER);
    assertReason(
        negotiate(
            TEMPERATURE,
            older,
            obs("a", "8310-5", new Value.Quantity(BigDecimal.TEN, "<", "Cel", Coding.UCUM, "Cel"))),
        Reason.COMPARATOR);
  }

  @Test
  void the_bounds_of_a_range_are_plausible() {
    assertThat(negotiate(TEMPERATURE, temperature("a", "45.0"))).isInstanceOf(Verdict.Ready.class);
    assertReason(negotiate(TEMPERATURE, temperature("a", "45.01")), Reason.IMPLAUSIBLE);
    assertReason(negotiate(TEMPERATURE, obs("a", "8310-5", "113.1", "[degF]")), Reason.IMPLAUSIBLE);
  }

  @Test
  void a_monstrous_number_is_no_number() {
    assertReason(
        negotiate(TEMPERATURE, obs("a", "8310-5", "1e999999999", "[degF]")), Reason.NOT_A_NUMBER);
    assertReason(
        negotiate(TEMPERATURE, obs("a", "8310-5", "1e-999999999", "[degF]")), Reason.NOT_A_NUMBER);
    assertReason(
        negotiate(TEMPERATURE, obs("a", "8310-5", "1".repeat(41), "[degF]")), Reason.NOT_A_NUMBER);
  }

  @Test
  void details_hold_no_word_of_the_bundle() {
    String secret = "Mary Smith";
    Manifest coded =
        Given.needing(
            "8310-5", "coded: { allowed: [ { system: \"http://a\", code: a, value: b } ] }");
    for (Verdict verdict :
        new Verdict[] {
          negotiate(TEMPERATURE, temperature("a", "37").status(secret)),
          negotiate(TEMPERATURE, obs("a", "8310-5", new Value.Absent(secret))),
          negotiate(TEMPERATURE, obs("a", "8310-5", new Value.Text(secret))),
          negotiate(TEMPERATURE, obs("a", "8310-5", new Value.Other(secret))),
          negotiate(TEMPERATURE, obs("a", "8310-5", quantity("1", secret))),
          negotiate(coded, obs("a", "8310-5", new Value.Text(secret))),
        }) {
      assertThat(onlyGap(verdict).detail()).isNotBlank().doesNotContain("Mary");
    }
  }

  @Test
  void an_unrelated_bundle_without_patient_still_gives_observations() {
    assertThat(
            onlyInput(
                    negotiate(
                        TEMPERATURE,
                        Given.facts(null, facts(temperature("a", "37").fact()).observations())))
                .source())
        .isEqualTo("Observation/a");
  }
}
