package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;
import static org.clinisandbox.negotiation.Given.SNOMED;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.obs;
import static org.clinisandbox.negotiation.Given.onlyGap;
import static org.clinisandbox.negotiation.Given.onlyInput;
import static org.clinisandbox.negotiation.Given.stated;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.fhir.StatementFact;
import org.clinisandbox.fhir.StatementFact.Kind;
import org.clinisandbox.fhir.StatementFact.Standing;
import org.clinisandbox.registry.Manifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions and medications: what says yes, what says no, what silence means. */
class StatementsTest {
  private static final Coding DIABETES = new Coding(SNOMED, "44054006", null);
  private static final Coding TYPE_1 = new Coding(SNOMED, "46635009", null);
  private static final Manifest ASKED = needing(Kind.CONDITION, "ask");
  private static final Manifest ASSUMED = needing(Kind.CONDITION, "\"false\"");
  private static final Duration DAY = Duration.ofDays(1);

  private static Manifest needing(Kind kind, String absent) {
    return Given.manifest(
        """
        required_%s: [ { name: x, display: Diabetes, absent: %s, codes: [
          { system: "http://snomed.info/sct", code: "44054006" },
          { system: "http://snomed.info/sct", code: "46635009" } ] } ]
        """
            .formatted(kind == Kind.CONDITION ? "conditions" : "medications", absent));
  }

  private static StatementFact condition(String id, Standing standing) {
    return Given.statement(Kind.CONDITION, id, DIABETES, standing);
  }

  private static StatementFact since(StatementFact fact, @Nullable Instant effective) {
    return new StatementFact(
        fact.kind(), fact.source(), fact.codes(), fact.standing(), effective, fact.subject());
  }

  private static StatementFact somebodyElses(StatementFact fact) {
    return new StatementFact(
        fact.kind(), fact.source(), fact.codes(), fact.standing(), fact.effective(), Subject.OTHER);
  }

  private static Given.Obs answer(String id, boolean truth) {
    return answer(id, new Value.Truth(truth));
  }

  private static Given.Obs answer(String id, Value value) {
    return obs(id, "8310-5", value).coded(DIABETES);
  }

  private static void assertTold(Verdict verdict, boolean truth, String source) {
    assertThat(onlyInput(verdict).value()).isEqualTo(new Input.Value.Truth(truth));
    assertThat(onlyInput(verdict).source()).isEqualTo(source);
    assertThat(Given.gaps(verdict)).isEmpty();
  }

  /** A gap that holds the model up, whatever silence means. */
  private static void assertHeldUp(Reason reason, List<StatementFact> facts, Given.Obs... answers) {
    for (Manifest manifest : List.of(ASKED, ASSUMED)) {
      Verdict verdict = negotiate(manifest, stated(facts, answers));
      assertThat(verdict).isInstanceOf(Verdict.DataRequired.class);
      assertThat(onlyGap(verdict).reason()).isEqualTo(reason);
      assertThat(onlyGap(verdict).mandatory()).isTrue();
    }
  }

  /** Nothing current: asked for, or assumed not to be so. */
  private static void assertSilence(
      Reason reason, List<StatementFact> facts, Given.Obs... answers) {
    Verdict asked = negotiate(ASKED, stated(facts, answers));
    assertThat(asked).isInstanceOf(Verdict.DataRequired.class);
    assertThat(onlyGap(asked).reason()).isEqualTo(reason);
    assertThat(onlyGap(asked).mandatory()).isTrue();
    Verdict assumed = negotiate(ASSUMED, stated(facts, answers));
    assertThat(onlyInput(assumed))
        .isEqualTo(Input.assumed("x", new Input.Value.Truth(false), null, "44054006"));
    assertThat(onlyGap(assumed).reason()).isEqualTo(reason);
    assertThat(onlyGap(assumed).mandatory()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void what_holds_says_yes_with_its_source_and_time(Kind kind) {
    StatementFact fact = Given.statement(kind, "c", DIABETES, Standing.HOLDS);
    assertThat(onlyInput(negotiate(needing(kind, "ask"), stated(List.of(fact)))))
        .isEqualTo(
            new Input(
                "x",
                new Input.Value.Truth(true),
                null,
                "44054006",
                fact.source(),
                NOW.minus(DAY.multipliedBy(10)),
                null,
                null,
                List.of()));
  }

  @ParameterizedTest
  @EnumSource(names = {"PAST", "DENIED"})
  void what_is_over_or_denied_says_no_with_its_source(Standing standing) {
    for (Manifest manifest : List.of(ASKED, ASSUMED)) {
      assertTold(
          negotiate(manifest, stated(List.of(condition("c", standing)))), false, "Condition/c");
    }
  }

  @Test
  void what_is_unsure_is_a_gap_even_where_silence_means_no() {
    assertHeldUp(Reason.STATUS, List.of(condition("c", Standing.UNSURE)));
    assertHeldUp(
        Reason.STATUS, List.of(condition("c", Standing.UNSURE), condition("d", Standing.DENIED)));
  }

  @Test
  void void_and_foreign_statements_are_silence() {
    assertSilence(Reason.STATUS, List.of(condition("c", Standing.VOID)));
    for (Standing standing : Standing.values()) {
      assertSilence(Reason.WRONG_SUBJECT, List.of(somebodyElses(condition("c", standing))));
    }
    assertSilence(
        Reason.STATUS,
        List.of(somebodyElses(condition("c", Standing.HOLDS)), condition("d", Standing.VOID)));
  }

  @Test
  void a_silent_record_is_missing() {
    assertSilence(Reason.MISSING, List.of());
    assertThat(onlyGap(negotiate(ASKED, stated(List.of()))).ask(Given.ENGLISH))
        .isEqualTo("Does the patient have this condition: Diabetes?");
    assertThat(
            onlyGap(negotiate(needing(Kind.MEDICATION, "ask"), stated(List.of())))
                .ask(Given.ENGLISH))
        .isEqualTo("Does the patient take this medicine now: Diabetes?");
  }

  @Test
  void code_system_and_kind_must_all_match() {
    assertSilence(
        Reason.MISSING,
        List.of(
            Given.statement(Kind.MEDICATION, "m", DIABETES, Standing.HOLDS),
            Given.statement(
                Kind.CONDITION, "i", new Coding("urn:local", "44054006", null), Standing.HOLDS),
            Given.statement(Kind.CONDITION, "o", new Coding(SNOMED, "1", null), Standing.HOLDS)));
    assertTold(
        negotiate(
            ASKED, stated(List.of(Given.statement(Kind.CONDITION, "t", TYPE_1, Standing.HOLDS)))),
        true,
        "Condition/t");
  }

  @Test
  void one_that_holds_counts_more_than_any_other() {
    for (Standing other : List.of(Standing.PAST, Standing.DENIED, Standing.UNSURE, Standing.VOID)) {
      assertTold(
          negotiate(
              ASKED,
              stated(List.of(since(condition("new", other), NOW), condition("c", Standing.HOLDS)))),
          true,
          "Condition/c");
    }
  }

  @Test
  void of_several_the_newest_is_the_source() {
    assertTold(
        negotiate(
            ASKED,
            stated(
                List.of(
                    since(condition("untimed", Standing.HOLDS), null),
                    condition("old", Standing.HOLDS),
                    since(condition("new", Standing.HOLDS), NOW)))),
        true,
        "Condition/new");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_observed_yes_or_no_is_an_answer_and_the_newest_counts(boolean truth) {
    assertTold(
        negotiate(
            ASKED,
            stated(
                List.of(),
                answer("untimed", !truth).at(null),
                answer("old", !truth).ago(DAY),
                answer("new", truth))),
        truth,
        "Observation/new");
  }

  @Test
  void an_answer_counts_more_than_what_is_over_denied_or_unsure() {
    for (Standing standing : List.of(Standing.PAST, Standing.DENIED, Standing.UNSURE)) {
      for (boolean truth : new boolean[] {true, false}) {
        assertTold(
            negotiate(ASKED, stated(List.of(condition("c", standing)), answer("a", truth))),
            truth,
            "Observation/a");
      }
    }
  }

  @Test
  void yes_and_no_at_once_are_a_conflict() {
    assertHeldUp(Reason.CONFLICT, List.of(condition("c", Standing.HOLDS)), answer("a", false));
    assertHeldUp(
        Reason.CONFLICT,
        List.of(condition("c", Standing.HOLDS)),
        answer("a", false).at(NOW.plus(DAY)));
    assertHeldUp(
        Reason.CONFLICT,
        List.of(),
        answer("a", true).at(NOW.minusMillis(100)),
        answer("b", false).at(NOW.minusMillis(900)));
    assertTold(
        negotiate(
            ASKED,
            stated(
                List.of(condition("c", Standing.HOLDS)),
                answer("a", false).ago(DAY),
                answer("b", true))),
        true,
        "Condition/c");
  }

  @Test
  void an_answer_from_the_future_is_none_yet() {
    assertHeldUp(
        Reason.FUTURE, List.of(), answer("a", true).ago(DAY), answer("b", true).at(NOW.plus(DAY)));
    assertTold(
        negotiate(ASKED, stated(List.of(), answer("a", true).at(NOW.plus(Duration.ofMinutes(5))))),
        true,
        "Observation/a");
  }

  @Test
  void an_answer_that_is_not_final_holds_the_model_up() {
    assertHeldUp(Reason.STATUS, List.of(), answer("a", true).status("preliminary"));
    assertHeldUp(
        Reason.STATUS,
        List.of(condition("c", Standing.PAST)),
        answer("a", true).status("preliminary"));
    assertTold(
        negotiate(
            ASKED,
            stated(
                List.of(), answer("a", true).status("preliminary"), answer("b", false).ago(DAY))),
        false,
        "Observation/b");
  }

  @Test
  void a_current_value_that_is_neither_yes_nor_no_is_never_taken_for_a_no() {
    for (Value value :
        List.of(
            new Value.Text("yes"),
            new Value.Coded(List.of(new Coding(SNOMED, "373066001", null)), "Yes"),
            new Value.Quantity(BigDecimal.ONE, null, null, null, null))) {
      assertHeldUp(Reason.NOT_A_NUMBER, List.of(), answer("a", value));
      assertHeldUp(Reason.NOT_A_NUMBER, List.of(), answer("a", value), answer("b", false).ago(DAY));
      assertTold(
          negotiate(ASKED, stated(List.of(condition("c", Standing.HOLDS)), answer("a", value))),
          true,
          "Condition/c");
    }
  }

  @Test
  void void_foreign_and_absent_answers_are_silence_and_say_why() {
    assertSilence(Reason.STATUS, List.of(), answer("a", true).status("entered-in-error"));
    assertSilence(Reason.WRONG_SUBJECT, List.of(), answer("a", true).of(Subject.OTHER));
    assertSilence(Reason.DATA_ABSENT, List.of(), answer("a", new Value.Absent("masked")));
    assertSilence(
        Reason.DATA_ABSENT,
        List.of(somebodyElses(condition("c", Standing.HOLDS))),
        answer("a", new Value.Absent(null)));
  }

  @Test
  void what_somebody_was_asked_without_an_answer_is_not_asked_again() {
    Given.Obs declined = answer("a", new Value.Absent("asked-declined"));
    assertSilence(Reason.DATA_ABSENT, List.of(), declined);
    Verdict.DataRequired verdict =
        (Verdict.DataRequired) negotiate(ASKED, stated(List.of(), declined));
    assertThat(onlyGap(verdict).askable()).isFalse();
    assertThat(verdict.closed()).isTrue();
    assertTold(
        negotiate(ASKED, stated(List.of(condition("c", Standing.DENIED)), declined)),
        false,
        "Condition/c");
  }
}
