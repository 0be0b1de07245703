package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.obs;
import static org.clinisandbox.negotiation.Given.onlyGap;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.registry.Manifest;
import org.junit.jupiter.api.Test;

/** A model's own rules over its inputs and the bundle. */
class RulesTest {
  private static final Given.Obs SYSTOLIC = obs("s", "8480-6", "120", "mm[Hg]");
  private static final Given.Obs DIASTOLIC = obs("d", "8462-4", "80", "mm[Hg]");

  private static Manifest rule(String expression) {
    return Given.manifest(
        """
        required_patient: [ { name: race, mandatory: false } ]
        required_observations:
          - { name: systolic, code: "8480-6", unit: "mm[Hg]" }
          - { name: diastolic, code: "8462-4", unit: "mm[Hg]" }
          - { name: oxygen, code: "3151-8", unit: "L/min", mandatory: false, default: 0 }
          - { name: pulse, code: "8867-4", unit: "/min", mandatory: false }
        required_conditions:
          - { name: diabetes, absent: "false", codes: [ { system: "http://snomed.info/sct", code: "44054006" } ] }
        rules: [ { name: sense, expression: '%s', message: { en: It makes no sense., de: Das kann nicht sein. } } ]
        """
            .formatted(expression.replace("'", "''")));
  }

  private static Verdict full(String expression) {
    return negotiate(rule(expression), SYSTOLIC, DIASTOLIC);
  }

  /** The rule's own gap; there is none when it holds or waits. */
  private static List<Gap> broken(Verdict verdict) {
    return Given.gaps(verdict).stream().filter(gap -> gap.kind() == Gap.Kind.RULE).toList();
  }

  private static Gap assertBroken(Verdict verdict, Reason reason) {
    assertThat(verdict).isInstanceOf(Verdict.DataRequired.class);
    assertThat(broken(verdict)).hasSize(1);
    Gap gap = broken(verdict).getFirst();
    assertThat(gap.reason()).isEqualTo(reason);
    assertThat(gap.mandatory()).isTrue();
    assertThat(gap.askable()).isFalse();
    assertThat(gap.ask(Given.ENGLISH)).isNull();
    assertThat(gap.name()).isEqualTo("sense");
    return gap;
  }

  @Test
  void a_rule_that_is_true_holds_and_is_no_input() {
    Verdict verdict = full("%systolic > %diastolic");
    assertThat(verdict).isInstanceOf(Verdict.Ready.class);
    assertThat(Given.inputs(verdict))
        .extracting(Input::name)
        .containsExactly("systolic", "diastolic", "oxygen", "diabetes");
  }

  @Test
  void a_rule_that_is_false_is_implausible_with_its_own_message() {
    assertThat(assertBroken(full("%systolic < %diastolic"), Reason.IMPLAUSIBLE).detail())
        .isEqualTo("It makes no sense.");
  }

  @Test
  void a_rule_without_an_answer_is_missing_what_it_decides_on() {
    assertThat(assertBroken(full("%pulse > 10"), Reason.MISSING).detail())
        .startsWith("It makes no sense.")
        .contains("nothing to decide it on");
  }

  @Test
  void a_rule_that_fails_gives_no_answer_and_says_where() {
    assertThat(assertBroken(full("%systolic + 1"), Reason.NOT_A_NUMBER).detail())
        .startsWith("It makes no sense.")
        .contains("neither yes nor no", "column");
    assertBroken(full("%systolic > 'high'"), Reason.NOT_A_NUMBER);
  }

  @Test
  void a_rule_that_takes_too_much_work_does_not_hold() {
    String many =
        IntStream.range(0, 200)
            .mapToObj(i -> "{\"resource\":{\"resourceType\":\"Basic\",\"id\":\"" + i + "\"}}")
            .collect(Collectors.joining(",", "{\"resourceType\":\"Bundle\",\"entry\":[", "]}"));
    Manifest endless =
        rule("Bundle.entry.select(%context.entry.select(%context.entry.count())).count() > 0");
    Facts facts = Given.facts(SYSTOLIC.fact(), DIASTOLIC.fact());
    Verdict verdict =
        negotiate(
            endless,
            new Facts(
                facts.patient(), facts.observations(), List.of(), Json.MAPPER.readTree(many)));
    assertBroken(verdict, Reason.NOT_A_NUMBER);
  }

  @Test
  void a_rule_waits_for_the_mandatory_gaps_that_it_names_and_for_no_others() {
    assertThat(broken(negotiate(rule("%systolic < %diastolic"), SYSTOLIC))).isEmpty();
    assertBroken(negotiate(rule("%systolic < 100"), SYSTOLIC), Reason.IMPLAUSIBLE);
    Given.Obs unread = obs("o", "3151-8", new Value.Text("much"));
    assertThat(broken(negotiate(rule("%oxygen > 1"), SYSTOLIC, DIASTOLIC, unread))).isEmpty();
  }

  @Test
  void an_assumed_value_counts_as_a_value() {
    assertThat(full("%oxygen = 0 and %diabetes.not()")).isInstanceOf(Verdict.Ready.class);
    assertBroken(full("%oxygen > 0"), Reason.IMPLAUSIBLE);
  }

  @Test
  void what_is_left_out_is_empty() {
    assertThat(full("%pulse.empty() and %race.empty()")).isInstanceOf(Verdict.Ready.class);
    assertThat(full("%pulse.exists() implies %pulse > %systolic"))
        .isInstanceOf(Verdict.Ready.class);
    assertBroken(
        negotiate(
            rule("%pulse.exists() implies %pulse > %systolic"),
            SYSTOLIC,
            DIASTOLIC,
            obs("p", "8867-4", "60", "/min")),
        Reason.IMPLAUSIBLE);
  }

  @Test
  void values_are_the_models_own_after_conversion() {
    assertThat(
            negotiate(
                rule("%systolic = 150 and %diastolic = 80"),
                obs("s", "8480-6", "20", "kPa"),
                DIASTOLIC))
        .isInstanceOf(Verdict.DataRequired.class);
    assertThat(
            negotiate(
                rule("%systolic > 150 and %systolic < 150.1"),
                obs("s", "8480-6", "20", "kPa"),
                DIASTOLIC))
        .isInstanceOf(Verdict.Ready.class);
  }

  @Test
  void a_rule_sees_the_bundle_itself() {
    Facts facts = Given.facts(SYSTOLIC.fact(), DIASTOLIC.fact());
    Manifest pregnant =
        rule("Bundle.entry.resource.ofType(Condition).where(code.text = 'pregnant').empty()");
    for (String text : List.of("pregnant", "tired")) {
      Verdict verdict =
          negotiate(
              pregnant,
              new Facts(
                  facts.patient(),
                  facts.observations(),
                  List.of(),
                  Json.MAPPER.readTree(
                      """
                      {"resourceType": "Bundle", "entry": [ {"resource":
                        {"resourceType": "Condition", "code": {"text": "%s"}}} ]}
                      """
                          .formatted(text))));
      assertThat(verdict instanceof Verdict.Ready).isEqualTo(text.equals("tired"));
    }
  }

  @Test
  void the_option_that_a_group_did_not_choose_is_empty() {
    Manifest group =
        Given.manifest(
            """
            required_observations:
              - { name: acr, code: "9318-7", unit: mg/g }
              - { name: pcr, code: "2890-2", unit: mg/g }
            any_of: [ { name: albuminuria, inputs: [acr, pcr] } ]
            rules: [ { expression: "%acr.empty() and %pcr > 1", message: No. } ]
            """);
    assertThat(negotiate(group, obs("p", "2890-2", "2", "mg/g"))).isInstanceOf(Verdict.Ready.class);
    assertThat(onlyGap(negotiate(group, obs("p", "2890-2", "1", "mg/g"))).name())
        .isEqualTo("rule_1");
    assertThat(onlyGap(negotiate(group)).name()).isEqualTo("albuminuria");
  }

  @Test
  void a_negotiation_is_closed_when_only_a_rule_is_left() {
    Verdict.DataRequired only = (Verdict.DataRequired) full("%systolic < %diastolic");
    assertThat(only.closed()).isTrue();
    Verdict.DataRequired more = (Verdict.DataRequired) negotiate(rule("%systolic < 100"), SYSTOLIC);
    assertThat(more.closed()).isFalse();
  }

  @Test
  void a_rule_is_an_issue_and_never_a_question() {
    Verdict verdict = full("%systolic < %diastolic");
    Manifest manifest = rule("%systolic < %diastolic");
    List<Gap> mandatory = Given.gaps(verdict).stream().filter(Gap::mandatory).toList();
    assertThat(FhirAnswer.questionnaire(mandatory, manifest, Given.ENGLISH)).isNull();
    assertThat(new Negotiator(manifest).everything())
        .extracting(Gap::name)
        .contains("systolic", "race")
        .doesNotContain("sense");
    FormsAgree.check(verdict, manifest);
  }
}
