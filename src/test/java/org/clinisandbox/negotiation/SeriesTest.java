package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.obs;
import static org.clinisandbox.negotiation.Given.onlyGap;
import static org.clinisandbox.negotiation.Given.onlyInput;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.registry.Manifest;
import org.junit.jupiter.api.Test;

/** Requirements of several values of different times. */
class SeriesTest {
  private static final String UNIT = "unit: mg/dL, answered_by: lab, ";
  private static final Manifest TWO = Given.needing("2160-0", UNIT + "count: 2, spacing: PT48H");
  private static final Manifest RECENT =
      Given.needing("2160-0", UNIT + "count: 3, spacing: P1D, max_age: P10D, range: { high: 20 }");
  private static final Duration DAY = Duration.ofDays(1);

  private static Given.Obs creatinine(String id, String number, Duration age) {
    return obs(id, "2160-0", number, "mg/dL").ago(age);
  }

  private static Given.Obs days(int age) {
    return creatinine("d" + age, "1." + age, DAY.multipliedBy(age));
  }

  private static void assertChosen(Verdict verdict, String... sources) {
    Input newest = onlyInput(verdict);
    assertThat(newest.source()).isEqualTo("Observation/" + sources[0]);
    assertThat(newest.earlier())
        .extracting(Input::source)
        .containsExactlyElementsOf(
            List.of(sources).subList(1, sources.length).stream()
                .map(source -> "Observation/" + source)
                .toList());
  }

  private static Gap assertReason(Verdict verdict, Reason reason) {
    assertThat(verdict).isInstanceOf(Verdict.DataRequired.class);
    assertThat(onlyGap(verdict).reason()).isEqualTo(reason);
    assertThat(onlyGap(verdict).askable()).isTrue();
    return onlyGap(verdict);
  }

  @Test
  void the_newest_comes_first_and_the_next_is_far_enough_from_it() {
    assertChosen(negotiate(TWO, days(6), days(1), days(2), days(5), days(4)), "d1", "d4");
    assertChosen(negotiate(RECENT, days(6), days(5), days(3), days(2)), "d2", "d3", "d5");
  }

  @Test
  void a_value_exactly_as_far_as_the_spacing_counts() {
    assertChosen(negotiate(TWO, days(1), days(3)), "d1", "d3");
    assertReason(
        negotiate(
            TWO,
            days(1),
            creatinine("close", "1", DAY.multipliedBy(3).minus(Duration.ofSeconds(1)))),
        Reason.MISSING);
  }

  @Test
  void without_a_spacing_values_of_different_seconds_count() {
    Manifest any = Given.needing("2160-0", UNIT + "count: 2");
    Given.Obs first = creatinine("a", "1", Duration.ofHours(1));
    assertChosen(negotiate(any, first, creatinine("b", "2", Duration.ofSeconds(3601))), "a", "b");
    Verdict sameSecond = negotiate(any, first, creatinine("b", "1", Duration.ofHours(1)));
    assertThat(assertReason(sameSecond, Reason.MISSING).detail())
        .isEqualTo("The model needs 2 values of different times; there is 1.");
  }

  @Test
  void each_value_is_converted_and_keeps_its_own_source_and_time() {
    Input series =
        onlyInput(
            negotiate(
                TWO, days(1), obs("moles", "2160-0", "88.4", "umol/L").ago(DAY.multipliedBy(4))));
    assertThat(series.earlier())
        .singleElement()
        .satisfies(
            earlier -> {
              assertThat(((Input.Value.Numeric) earlier.value()).number())
                  .isEqualByComparingTo(BigDecimal.ONE);
              assertThat(earlier.convertedFrom()).isEqualTo("88.4 umol/L");
              assertThat(earlier.effective()).isEqualTo(NOW.minus(DAY.multipliedBy(4)));
              assertThat(earlier.unit()).isEqualTo("mg/dL");
            });
  }

  @Test
  void too_few_values_are_missing_and_the_sentence_counts_them() {
    assertThat(assertReason(negotiate(TWO), Reason.MISSING).detail())
        .isEqualTo("The bundle has no observation of this.");
    assertThat(assertReason(negotiate(TWO, days(1), days(2)), Reason.MISSING).detail())
        .isEqualTo("The model needs 2 values at least 48 h apart; there is 1.");
    assertThat(assertReason(negotiate(RECENT, days(1), days(2)), Reason.MISSING).detail())
        .isEqualTo(
            "The model needs 3 values at least 24 h apart, none older than 10 d; there are 2.");
  }

  @Test
  void max_age_applies_to_each_value() {
    assertChosen(negotiate(RECENT, days(1), days(5), days(10)), "d1", "d5", "d10");
    assertThat(
            assertReason(
                    negotiate(
                        RECENT, days(1), days(5), creatinine("old", "1", DAY.multipliedBy(11))),
                    Reason.STALE)
                .detail())
        .isEqualTo(
            "The model needs 3 values at least 24 h apart, none older than 10 d; there are 2.");
    assertThat(
            assertReason(
                    negotiate(RECENT, creatinine("old", "1", DAY.multipliedBy(11)), days(20)),
                    Reason.STALE)
                .detail())
        .isEqualTo("Newest value is from 2026-11-10T12:00:00Z; it must be at most 10 d old.");
  }

  @Test
  void a_series_expires_with_its_oldest_value() {
    Input series = onlyInput(negotiate(RECENT, days(1), days(5), days(8)));
    assertThat(series.expires()).isEqualTo(NOW.plus(DAY.multipliedBy(2)));
    assertThat(onlyInput(negotiate(TWO, days(1), days(5))).expires()).isNull();
  }

  @Test
  void a_bad_value_is_the_gap_wherever_it_stands_and_none_steps_in_for_it() {
    Given.Obs bound =
        obs("b", "2160-0", new Value.Quantity(BigDecimal.ONE, "<", "mg/dL", Coding.UCUM, "mg/dL"));
    for (Duration age : List.of(Duration.ofHours(1), DAY.multipliedBy(3), DAY.multipliedBy(5))) {
      assertReason(
          negotiate(RECENT, days(1), days(3), days(5), bound.ago(age), days(7)), Reason.COMPARATOR);
    }
    assertReason(
        negotiate(
            RECENT,
            days(1),
            creatinine("high", "21", DAY.multipliedBy(3)),
            days(4),
            days(5),
            days(6)),
        Reason.IMPLAUSIBLE);
    assertReason(
        negotiate(TWO, days(1), obs("u", "2160-0", "1", "kg").ago(DAY.multipliedBy(3))),
        Reason.UNIT);
  }

  @Test
  void a_bad_value_between_two_chosen_ones_is_of_no_interest() {
    assertChosen(
        negotiate(TWO, days(1), obs("u", "2160-0", "1", "kg").ago(DAY.multipliedBy(2)), days(3)),
        "d1",
        "d3");
  }

  @Test
  void two_values_of_one_second_are_in_conflict_wherever_they_stand() {
    for (int age : new int[] {1, 4}) {
      Given.Obs twin = creatinine("twin", "3", DAY.multipliedBy(age));
      assertReason(negotiate(TWO, days(1), days(4), twin), Reason.CONFLICT);
    }
    Manifest tolerant = Given.needing("2160-0", UNIT + "tolerance: 2, count: 2, spacing: PT48H");
    assertThat(negotiate(tolerant, days(1), days(4), creatinine("twin", "3", DAY.multipliedBy(4))))
        .isInstanceOf(Verdict.Ready.class);
  }

  @Test
  void a_value_without_a_time_is_never_one_of_a_series() {
    assertReason(negotiate(TWO, days(1), days(9).at(null)), Reason.MISSING);
    assertReason(negotiate(TWO, days(1).at(null), days(9).at(null)), Reason.CONFLICT);
  }

  @Test
  void a_value_from_the_future_is_the_gap_and_no_older_answer_could_help() {
    for (List<Given.Obs> future :
        List.of(
            List.of(creatinine("f", "1", DAY.negated())),
            List.of(creatinine("f", "1", DAY.negated()), creatinine("g", "2", DAY.negated())))) {
      Gap gap =
          onlyGap(
              negotiate(
                  TWO,
                  Stream.concat(Stream.of(days(1), days(4)), future.stream())
                      .toArray(Given.Obs[]::new)));
      assertThat(gap.reason()).isEqualTo(future.size() > 1 ? Reason.CONFLICT : Reason.FUTURE);
      assertThat(gap.askable()).isFalse();
    }
  }

  @Test
  void unusable_values_are_skipped_for_the_next() {
    assertChosen(
        negotiate(
            TWO, days(1), days(3).status("entered-in-error"), days(4).of(Subject.OTHER), days(5)),
        "d1",
        "d5");
  }

  @Test
  void an_optional_series_that_is_too_short_is_left_out_unless_a_value_waits_to_be_final() {
    Manifest optional =
        Given.needing("2160-0", UNIT + "count: 2, spacing: PT48H, mandatory: false");
    Verdict silent = negotiate(optional, days(1));
    assertThat(silent).isInstanceOf(Verdict.Ready.class);
    assertThat(Given.inputs(silent)).isEmpty();
    assertThat(onlyGap(silent).mandatory()).isFalse();
    Verdict pending = negotiate(optional, days(1), days(4).status("preliminary"));
    assertThat(pending).isInstanceOf(Verdict.DataRequired.class);
    assertThat(onlyGap(pending).mandatory()).isTrue();
  }

  @Test
  void the_question_says_how_many_and_how_far_apart() {
    assertThat(onlyGap(negotiate(TWO)).ask(Given.ENGLISH))
        .isEqualTo(
            "X: what were the last 2 values, in mg/dL, and when was each of them measured?"
                + " They must be at least 48 h apart.");
  }
}
