package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;
import static org.clinisandbox.negotiation.Given.onlyGap;
import static org.clinisandbox.negotiation.Replies.absent;
import static org.clinisandbox.negotiation.Replies.decimal;
import static org.clinisandbox.negotiation.Replies.item;
import static org.clinisandbox.negotiation.Replies.json;
import static org.clinisandbox.negotiation.Replies.record;
import static org.clinisandbox.negotiation.Replies.response;

import java.time.Duration;
import java.util.List;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.registry.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Several turns of one negotiation. */
class DialogueTest {
  private static final Manifest ONE =
      Given.needing("8310-5", "unit: Cel, range: { low: 25, high: 45 }, max_age: PT24H");
  private static final Manifest MANY =
      Given.manifest(
          """
          population: { age: { low: 16, high: 90 } }
          required_patient: [age, sex]
          required_observations:
            - { name: temperature, code: "8310-5", unit: Cel }
            - { name: pulse, code: "8867-4", unit: "/min" }
            - { name: acr, code: "9318-7", unit: mg/g }
            - { name: pcr, code: "2890-2", unit: mg/g }
          required_conditions:
            - { name: diabetes, absent: ask, codes: [ { system: "http://snomed.info/sct", code: "44054006" } ] }
          any_of: [ { name: albuminuria, inputs: [acr, pcr] } ]
          """);

  private static Verdict weigh(Manifest manifest, Dialogue dialogue) {
    return dialogue.weigh(new Negotiator(manifest), NOW);
  }

  private static Dialogue with(Dialogue dialogue, Manifest manifest, ObjectNode... items) {
    return dialogue.with(Replies.taken(response(items), manifest));
  }

  /** The verdict on a record with only its patient and these answers. */
  private static Verdict answered(ObjectNode... items) {
    return weigh(ONE, with(Dialogue.of(record()), ONE, items));
  }

  private static ObjectNode born(String date) {
    return item("age", "{\"valueDate\": \"" + date + "\"}");
  }

  private static ObjectNode observation(String id, String number, String whose) {
    return json(
        """
        {"resourceType": "Bundle", "type": "collection", "entry": [ {"resource":
          {"resourceType": "Observation", "id": "%s", "status": "final",
           "subject": {"reference": "Patient/%s"},
           "code": {"coding": [ {"system": "http://loinc.org", "code": "8310-5"} ]},
           "effectiveDateTime": "2026-11-21T11:55:00Z", "valueQuantity": {"value": %s,
             "system": "http://unitsofmeasure.org", "code": "Cel"}}} ]}
        """
            .formatted(id, whose, number));
  }

  @Test
  void an_answer_is_merged_and_makes_the_model_ready() {
    Verdict verdict = answered(item("x", decimal("39.4")));
    assertThat(verdict).isInstanceOf(Verdict.Ready.class);
    assertThat(Given.onlyInput(verdict).effective()).isEqualTo(Replies.AUTHORED);
    assertThat(Given.onlyInput(verdict).source()).startsWith("Observation/");
  }

  @Test
  void a_bundle_of_new_resources_is_an_answer_too() {
    Dialogue dialogue = Dialogue.of(record()).with(Answers.ofBundle(observation("t", "39.4", "p")));
    assertThat(Given.onlyInput(weigh(ONE, dialogue)).source()).isEqualTo("Observation/t");
    Dialogue corrected = dialogue.with(Answers.ofBundle(observation("t", "40", "p")));
    assertThat(Given.onlyInput(weigh(ONE, corrected)).value().toString()).contains("40");
  }

  @Test
  void the_same_answer_twice_changes_nothing() {
    Dialogue once = with(Dialogue.of(record()), ONE, item("x", decimal("50")));
    assertThat(with(once, ONE, item("x", decimal("50")))).isSameAs(once);
    Answers bundle = Answers.ofBundle(observation("t", "50", "p"));
    Dialogue more = once.with(bundle);
    assertThat(more.with(bundle)).isSameAs(more);
    assertThat(with(more, ONE, item("x", decimal("50")))).isSameAs(more);
  }

  @Test
  void two_answers_give_the_same_verdict_in_any_order() {
    List<ObjectNode> answers =
        List.of(
            response(item("temperature", decimal("39")), born("1970-05-05")),
            response(item("pulse", decimal("90")), item("acr", absent("asked-declined"))),
            response(
                item("sex", "{\"valueCoding\": {\"code\": \"male\"}}"),
                item("diabetes", "{\"valueBoolean\": false}")),
            response(item("temperature", decimal("37"))).put("authored", "2026-11-21T10:00:00Z"));
    for (ObjectNode bundle : List.of(record(), Replies.empty())) {
      for (ObjectNode one : answers) {
        for (ObjectNode other : answers) {
          Dialogue before = Dialogue.of(bundle);
          Answers first = Replies.taken(one, MANY);
          Answers second = Replies.taken(other, MANY);
          assertThat(weigh(MANY, before.with(first).with(second)))
              .isEqualTo(weigh(MANY, before.with(second).with(first)));
        }
      }
    }
  }

  @Test
  void what_was_answered_about_the_patient_has_the_response_as_its_source() {
    ObjectNode response = response(born("1970-05-05"));
    Dialogue dialogue = Dialogue.of(record()).with(Replies.taken(response.put("id", "q1"), MANY));
    dialogue = with(dialogue, MANY, item("pulse", decimal("90")));
    List<Input> inputs = Given.inputs(weigh(MANY, dialogue));
    assertThat(inputs.get(0).value().toString()).contains("56");
    assertThat(inputs.get(0).source()).isEqualTo("QuestionnaireResponse/q1");
    assertThat(inputs.get(1).name()).isEqualTo("sex");
    assertThat(inputs.get(1).source()).isEqualTo("Patient/p");
  }

  @Test
  void an_answer_may_put_the_patient_outside_the_population() {
    assertThat(weigh(MANY, with(Dialogue.of(record()), MANY, born("2020-01-01"))))
        .isInstanceOf(Verdict.NotApplicable.class);
  }

  @ParameterizedTest
  @CsvSource({
    "asked-unknown, It was asked for and is not known.",
    "asked-declined, 'It was asked for, and the answer was declined.'"
  })
  void what_is_declined_or_not_known_is_not_asked_again(String reason, String detail) {
    Verdict.DataRequired verdict = (Verdict.DataRequired) answered(item("x", absent(reason)));
    Gap gap = onlyGap(verdict);
    assertThat(gap.reason()).isEqualTo(Reason.DATA_ABSENT);
    assertThat(gap.detail()).isEqualTo(detail);
    assertThat(gap.mandatory()).isTrue();
    assertThat(gap.ask(Given.ENGLISH)).isNull();
    assertThat(verdict.closed()).isTrue();
  }

  @Test
  void a_later_value_is_taken_though_it_was_declined() {
    Dialogue declined = with(Dialogue.of(record()), ONE, item("x", absent("asked-declined")));
    assertThat(weigh(ONE, with(declined, ONE, item("x", decimal("37")))))
        .isInstanceOf(Verdict.Ready.class);
    assertThat(weigh(ONE, declined.with(Answers.ofBundle(observation("t", "37", "p")))))
        .isInstanceOf(Verdict.Ready.class);
    Gap implausible = onlyGap(weigh(ONE, with(declined, ONE, item("x", decimal("99")))));
    assertThat(implausible.reason()).isEqualTo(Reason.IMPLAUSIBLE);
    assertThat(implausible.askable()).isTrue();
  }

  @Test
  void a_declined_question_leaves_the_others_open() {
    Dialogue dialogue = with(Dialogue.of(record()), MANY, item("pulse", absent("asked-declined")));
    Verdict.DataRequired verdict = (Verdict.DataRequired) weigh(MANY, dialogue);
    assertThat(verdict.gaps().stream().filter(gap -> !gap.askable()))
        .extracting(Gap::name)
        .containsExactly("pulse");
    assertThat(verdict.closed()).isFalse();
  }

  @Test
  void another_patients_data_is_the_wrong_subject_and_asked_again() {
    ObjectNode response = response(item("temperature", decimal("37")), born("1970-05-05"));
    response.putObject("subject").put("reference", "Patient/other");
    Answers answers =
        ((Extraction.Result.Taken) Extraction.of(response, MANY, false, NOW)).answers();
    ObjectNode ageless = record();
    ageless.withObject("/entry/0/resource").remove("birthDate");
    Verdict.DataRequired verdict =
        (Verdict.DataRequired) weigh(MANY, Dialogue.of(ageless).with(answers));
    assertThat(verdict.gaps())
        .filteredOn(gap -> gap.reason() == Reason.WRONG_SUBJECT)
        .allMatch(Gap::askable)
        .extracting(Gap::name)
        .containsExactlyInAnyOrder("age", "temperature");
    assertThat(
            onlyGap(
                    weigh(
                        ONE,
                        Dialogue.of(record())
                            .with(Answers.ofBundle(observation("t", "37", "other")))))
                .reason())
        .isEqualTo(Reason.WRONG_SUBJECT);
  }

  @Test
  void a_question_is_asked_three_times_at_most() {
    Dialogue dialogue = Dialogue.of(record());
    for (int i = 1; i <= Dialogue.MOST_TRIES; i++) {
      assertThat(onlyGap(weigh(ONE, dialogue)).askable()).isTrue();
      dialogue = with(dialogue, ONE, item("x", decimal("9" + i)));
    }
    Verdict.DataRequired verdict = (Verdict.DataRequired) weigh(ONE, dialogue);
    assertThat(onlyGap(verdict).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(onlyGap(verdict).detail()).endsWith("It was asked for often enough.");
    assertThat(verdict.closed()).isTrue();
    Dialogue cured =
        dialogue.with(
            Replies.taken(response(item("x", decimal("37"))).put("authored", NOW.toString()), ONE));
    assertThat(weigh(ONE, cured)).isInstanceOf(Verdict.Ready.class);
  }

  @Test
  void after_twenty_answers_none_is_taken() {
    Dialogue dialogue = Dialogue.of(record());
    for (int i = 0; i < Dialogue.MOST_TURNS; i++) {
      assertThat(((Verdict.DataRequired) weigh(ONE, dialogue)).closed()).isFalse();
      dialogue = dialogue.with(Answers.ofBundle(Replies.empty().put("id", "b" + i)));
    }
    assertThat(((Verdict.DataRequired) weigh(ONE, dialogue)).closed()).isTrue();
    assertThat(dialogue.with(Answers.ofBundle(observation("t", "37", "p")))).isSameAs(dialogue);
  }

  @Test
  void a_value_from_the_future_closes_the_negotiation_until_its_time_comes() {
    Dialogue dialogue = Dialogue.of(record()).with(Answers.ofBundle(observation("t", "37", "p")));
    Negotiator negotiator = new Negotiator(ONE);
    Verdict early = dialogue.weigh(negotiator, NOW.minus(Duration.ofHours(1)));
    assertThat(onlyGap(early).reason()).isEqualTo(Reason.FUTURE);
    assertThat(onlyGap(early).detail())
        .isEqualTo(
            "Newest value is from 2026-11-21T11:55:00Z, which is still to come;"
                + " send it with its right time, or again then.");
    assertThat(((Verdict.DataRequired) early).closed()).isTrue();
    assertThat(dialogue.weigh(negotiator, NOW)).isInstanceOf(Verdict.Ready.class);
  }

  @Test
  void a_dialogue_survives_json_as_text() {
    Dialogue dialogue = Dialogue.of(record());
    assertSurvives(dialogue);
    dialogue = with(dialogue, MANY, born("1970-05"), item("pulse", absent("asked-declined")));
    assertSurvives(dialogue);
    dialogue =
        with(
            dialogue,
            MANY,
            item("temperature", decimal("37.50")),
            item("sex", "{\"valueCoding\": {\"code\": \"male\"}}"),
            item(
                "race",
                "{\"valueCoding\": {\"system\": \"urn:oid:2.16.840.1.113883.6.238\", \"code\": \"2106-3\"}}"));
    assertSurvives(dialogue);
  }

  private static void assertSurvives(Dialogue dialogue) {
    Dialogue read = Dialogue.fromJson(Json.MAPPER.readTree(dialogue.toJson().toString()));
    assertThat(read.toJson().path("bundle")).isEqualTo(dialogue.toJson().path("bundle"));
    assertThat(read.patient()).isEqualTo(dialogue.patient());
    assertThat(read.replies()).isEqualTo(dialogue.replies());
    assertThat(read.tries()).isEqualTo(dialogue.tries());
    assertThat(read.digests()).isEqualTo(dialogue.digests());
    assertThat(weigh(MANY, read)).isEqualTo(weigh(MANY, dialogue));
  }
}
