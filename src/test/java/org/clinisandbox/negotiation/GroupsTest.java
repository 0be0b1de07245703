package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.obs;
import static org.clinisandbox.negotiation.Given.onlyGap;
import static org.clinisandbox.negotiation.Given.onlyInput;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement.AnsweredBy;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Several inputs of which one will do. */
class GroupsTest {
  private static final Manifest ALBUMINURIA = of("");
  private static final Manifest OPTIONAL = of(", mandatory: false");
  private static final Given.Obs ACR = obs("acr", "9318-7", "30", "mg/g");
  private static final Given.Obs PCR = obs("pcr", "2890-2", "150", "mg/g");
  private static final Given.Obs UNREADABLE = obs("acr", "9318-7", "30", "warmth");

  private static Manifest of(String more) {
    return Given.manifest(
        """
        required_observations:
          - { name: acr, code: "9318-7", unit: mg/g, max_age: P30D, range: { low: 0 }, answered_by: lab }
          - { name: pcr, code: "2890-2", unit: mg/g, answered_by: nurse }
        any_of: [ { name: albuminuria, inputs: [acr, pcr]%s } ]
        """
            .formatted(more));
  }

  @Test
  void the_preferred_option_is_the_input_under_its_own_name() {
    Verdict both = negotiate(ALBUMINURIA, PCR, ACR);
    assertThat(onlyInput(both).name()).isEqualTo("acr");
    assertThat(onlyInput(both).code()).isEqualTo("9318-7");
    assertThat(Given.gaps(both)).isEmpty();
  }

  @Test
  void the_next_option_will_do_when_the_preferred_one_is_missing_stale_or_unreadable() {
    for (List<Given.Obs> bundle :
        List.of(
            List.of(PCR),
            List.of(PCR, UNREADABLE),
            List.of(PCR, ACR.ago(Duration.ofDays(31))),
            List.of(PCR, ACR.status("preliminary")),
            List.of(PCR, ACR.of(Subject.OTHER)))) {
      Verdict verdict = negotiate(ALBUMINURIA, bundle.toArray(Given.Obs[]::new));
      assertThat(onlyInput(verdict).name()).isEqualTo("pcr");
      assertThat(Given.gaps(verdict)).isEmpty();
    }
  }

  @Test
  void a_group_of_which_nothing_is_there_is_one_gap_with_its_options() {
    Verdict.DataRequired verdict = (Verdict.DataRequired) negotiate(ALBUMINURIA);
    Gap gap = onlyGap(verdict);
    assertThat(gap.kind()).isEqualTo(Gap.Kind.GROUP);
    assertThat(gap.name()).isEqualTo("albuminuria");
    assertThat(gap.reason()).isEqualTo(Reason.MISSING);
    assertThat(gap.mandatory()).isTrue();
    assertThat(gap.askable()).isTrue();
    assertThat(gap.requirement().answeredBy()).isEqualTo(AnsweredBy.NURSE);
    assertThat(gap.detail()).isEqualTo("One of these is needed: acr (missing) or pcr (missing).");
    assertThat(gap.ask(Given.ENGLISH))
        .isEqualTo("Albuminuria: please answer one of the following.");
    assertThat(gap.options())
        .extracting(option -> option.name() + " " + option.ask(Given.ENGLISH))
        .containsExactly(
            "acr Acr: what is the newest result, in mg/g?", "pcr Pcr: what is it now, in mg/g?");
    assertThat(verdict.required()).isEqualTo(1);
    assertThat(verdict.closed()).isFalse();
  }

  @Test
  void no_single_option_is_mandatory() {
    for (Given.Obs[] bundle :
        new Given.Obs[][] {{}, {UNREADABLE}, {UNREADABLE, PCR.status("preliminary")}}) {
      assertThat(onlyGap(negotiate(ALBUMINURIA, bundle)).options())
          .hasSize(2)
          .noneMatch(Gap::mandatory);
    }
  }

  @Test
  void the_reason_is_the_first_that_is_not_just_missing() {
    Gap gap = onlyGap(negotiate(ALBUMINURIA, PCR.status("preliminary")));
    assertThat(gap.reason()).isEqualTo(Reason.STATUS);
    assertThat(gap.detail()).isEqualTo("One of these is needed: acr (missing) or pcr (status).");
    assertThat(onlyGap(negotiate(ALBUMINURIA, UNREADABLE, PCR.of(Subject.OTHER))).reason())
        .isEqualTo(Reason.UNIT);
    assertThat(onlyGap(negotiate(ALBUMINURIA, UNREADABLE)).unknownCode()).isTrue();
  }

  @Test
  void an_optional_group_is_left_out_when_silent_and_held_up_by_an_unreadable_option() {
    Verdict silent = negotiate(OPTIONAL, ACR.ago(Duration.ofDays(31)));
    assertThat(silent).isInstanceOf(Verdict.Ready.class);
    assertThat(Given.inputs(silent)).isEmpty();
    assertThat(onlyGap(silent).mandatory()).isFalse();
    assertThat(onlyGap(silent).reason()).isEqualTo(Reason.STALE);
    Verdict unread = negotiate(OPTIONAL, UNREADABLE);
    assertThat(unread).isInstanceOf(Verdict.DataRequired.class);
    assertThat(onlyGap(unread).mandatory()).isTrue();
  }

  @Test
  void a_group_is_asked_while_one_option_can_be() {
    Verdict.DataRequired one = answered(Map.of("acr", Unanswered.DECLINED));
    assertThat(onlyGap(one).askable()).isTrue();
    assertThat(onlyGap(one).options()).extracting(Gap::askable).containsExactly(false, true);
    assertThat(onlyGap(one).reason()).isEqualTo(Reason.DATA_ABSENT);
    JsonNode form =
        Objects.requireNonNull(FhirAnswer.questionnaire(one.gaps(), ALBUMINURIA, Given.ENGLISH));
    assertThat(form.at("/item/0/item").values())
        .extracting(item -> item.path("linkId").asString())
        .containsExactly("pcr");
    assertThat(one.closed()).isFalse();
    Verdict.DataRequired none =
        answered(Map.of("acr", Unanswered.DECLINED, "pcr", Unanswered.NOT_KNOWN));
    assertThat(onlyGap(none).askable()).isFalse();
    assertThat(none.closed()).isTrue();
  }

  private static Verdict.DataRequired answered(Map<String, Unanswered> replies) {
    return (Verdict.DataRequired)
        new Negotiator(ALBUMINURIA).negotiate(Given.facts(), replies, Given.NOW);
  }

  @Test
  void what_the_record_says_was_asked_for_is_not_asked_again() {
    Given.Obs asked = obs("acr", "9318-7", new Value.Absent("asked-unknown"));
    assertThat(onlyGap(negotiate(ALBUMINURIA, asked)).options())
        .extracting(option -> option.name() + " " + option.askable())
        .containsExactly("acr false", "pcr true");
  }

  @Test
  void an_option_may_be_a_series_or_a_coded_answer() {
    Manifest mixed =
        Given.manifest(
            """
            required_observations:
              - { name: history, code: "2160-0", unit: mg/dL, count: 2, spacing: P1D }
              - { name: stage, code: "67775-7",
                  coded: { allowed: [ { system: "http://a", code: a, value: early } ] } }
            any_of: [ { name: kidneys, inputs: [history, stage] } ]
            """);
    Given.Obs first = obs("a", "2160-0", "1", "mg/dL");
    Given.Obs stage = obs("s", "67775-7", new Value.Text("early"));
    assertThat(onlyInput(negotiate(mixed, first, stage)).name()).isEqualTo("stage");
    assertThat(onlyInput(negotiate(mixed, first, first.ago(Duration.ofDays(2)), stage)).earlier())
        .hasSize(1);
  }
}
