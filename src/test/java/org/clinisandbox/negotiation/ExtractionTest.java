package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Replies.AUTHORED;
import static org.clinisandbox.negotiation.Replies.decimal;
import static org.clinisandbox.negotiation.Replies.group;
import static org.clinisandbox.negotiation.Replies.item;
import static org.clinisandbox.negotiation.Replies.json;
import static org.clinisandbox.negotiation.Replies.observations;
import static org.clinisandbox.negotiation.Replies.response;
import static org.clinisandbox.negotiation.Replies.taken;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.clinisandbox.fhir.Finding;
import org.clinisandbox.fhir.Findings;
import org.clinisandbox.fhir.R4;
import org.clinisandbox.registry.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ExtractionTest {
  static final Manifest MODEL =
      Given.manifest(
          """
          required_patient: [age]
          required_observations:
            - { name: temperature, code: "8310-5", display: Body temperature, unit: Cel, accepts: ["8331-1"] }
            - { name: anything, code: "9269-2" }
            - { name: creatinine, code: "2160-0", unit: mg/dL, count: 2, spacing: P1D }
            - { name: acr, code: "9318-7", unit: mg/g }
            - { name: systolic, code: "8480-6", unit: "mm[Hg]" }
            - { name: saturation, code: "59408-5", unit: "%" }
            - { name: local, system: "urn:local", code: "8310-5", unit: Cel }
          required_conditions:
            - { name: diabetes, display: Diabetes, absent: ask, codes: [
                { system: "http://snomed.info/sct", code: "44054006" },
                { system: "http://snomed.info/sct", code: "46635009" } ] }
          any_of: [ { name: one, inputs: [acr, systolic] } ]
          rules: [ { name: sense, expression: "%temperature > 1", message: No. } ]
          """);

  private static Findings refused(ObjectNode response) {
    return switch (Extraction.of(response, MODEL, true, Given.NOW)) {
      case Extraction.Result.Refused(Findings findings) -> findings;
      case Extraction.Result.Taken taken -> throw new AssertionError("taken");
    };
  }

  /** The only finding. */
  static Finding refusal(ObjectNode... items) {
    assertThat(refused(response(items)).list()).hasSize(1);
    return refused(response(items)).list().getFirst();
  }

  private static JsonNode only(ObjectNode... items) {
    List<JsonNode> observations = observations(taken(response(items), MODEL));
    assertThat(observations).hasSize(1);
    return observations.getFirst();
  }

  @Test
  void an_answer_becomes_a_final_observation_derived_from_the_response() {
    ObjectNode response = response(item("temperature", decimal("39.40")));
    Answers answers = taken(response, MODEL);
    JsonNode entries = answers.addition().path("entry");
    assertThat(entries.size()).isEqualTo(2);
    assertThat(entries.at("/0/resource")).isEqualTo(response);
    String url = entries.at("/0/fullUrl").stringValue();
    String id = entries.at("/1/fullUrl").stringValue().substring("urn:uuid:".length());
    assertThat(json(entries.at("/1/resource").toString()))
        .isEqualTo(
            json(
                """
                {"resourceType": "Observation", "id": "%s", "status": "final",
                 "subject": {"reference": "Patient/p"}, "effectiveDateTime": "%s",
                 "derivedFrom": [ {"reference": "%s"} ],
                 "code": {"coding": [ {"system": "http://loinc.org", "code": "8310-5", "display": "Body temperature"} ]},
                 "category": [ {"coding": [ {"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                   "code": "vital-signs"} ]} ],
                 "valueQuantity": {"value": 39.40, "unit": "Cel", "system": "http://unitsofmeasure.org", "code": "Cel"}}
                """
                    .formatted(id, AUTHORED, url)));
    assertThat(answers.answered()).containsExactly("temperature");
    assertThat(answers.replies()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'valueDecimal': 1.50}|{'valueQuantity': {'value': 1.50}}",
        "{'valueInteger': 2}|{'valueQuantity': {'value': 2}}",
        "{'valueQuantity': {'value': 3, 'comparator': '<', 'unit': 'g'}}|{'valueQuantity': {'value': 3, 'comparator': '<', 'unit': 'g'}}",
        "{'valueCoding': {'system': 'http://a', 'code': 'b'}}|{'valueCodeableConcept': {'coding': [{'system': 'http://a', 'code': 'b'}]}}",
        "{'valueString': 'warm'}|{'valueString': 'warm'}",
        "{'valueBoolean': false}|{'valueBoolean': false}",
        "{'valueDate': '2026-11'}|{'valueDateTime': '2026-11'}",
        "{'valueDateTime': '2026-11-01T10:00:00Z'}|{'valueDateTime': '2026-11-01T10:00:00Z'}",
        "{'valueTime': '10:00:00'}|{'valueTime': '10:00:00'}"
      })
  void each_type_of_answer_becomes_a_value_of_an_observation(String answer, String value) {
    JsonNode observation = only(item("anything", answer.replace('\'', '"')));
    json(value.replace('\'', '"'))
        .forEachEntry((name, expected) -> assertThat(observation.get(name)).isEqualTo(expected));
    assertThat(R4.errors((ObjectNode) observation)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"valueUri\": \"urn:x\"}",
        "{\"valueAttachment\": {\"url\": \"http://a\"}}",
        "{\"valueReference\": {\"reference\": \"Patient/p\"}}"
      })
  void other_types_of_answers_are_refused(String answer) {
    Finding finding = refusal(item("anything", decimal("1"), answer));
    assertThat(finding.expression()).isEqualTo("QuestionnaireResponse.item[0].answer[1]");
    assertThat(finding.code()).isEqualTo("not-supported");
  }

  @Test
  void extracted_observations_are_valid_r4() {
    Answers answers =
        taken(
            response(
                item("temperature", decimal("37")),
                item("saturation", decimal("97")),
                item("local", decimal("37")),
                item("diabetes", "{\"valueBoolean\": true}"),
                group("one", item("systolic", decimal("120")), item("acr", decimal("3")))),
            MODEL);
    assertThat(observations(answers)).hasSize(6);
    assertThat(R4.errors((ObjectNode) answers.addition())).isEmpty();
  }

  @Test
  void a_vital_sign_says_that_it_is_one_and_others_do_not() {
    for (String name : List.of("temperature", "saturation")) {
      assertThat(only(item(name, decimal("37"))).at("/category/0/coding/0/code").asString(""))
          .isEqualTo("vital-signs");
    }
    for (ObjectNode other :
        List.of(
            item("local", decimal("37")),
            item("creatinine", decimal("1")),
            item("diabetes", "{\"valueBoolean\": true}"))) {
      assertThat(only(other).has("category")).isFalse();
    }
  }

  @Test
  void a_condition_is_answered_under_its_preferred_code() {
    JsonNode observation = only(item("diabetes", "{\"valueBoolean\": false}"));
    assertThat(observation.path("code").toString())
        .isEqualTo(
            "{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"44054006\",\"display\":\"Diabetes\"}]}");
    assertThat(observation.path("valueBoolean").booleanValue()).isFalse();
  }

  @Test
  void a_question_that_the_model_does_not_ask_is_refused_with_its_place() {
    for (String linkId : List.of("Temperature", "8310-5", "creatinine.at", "sense")) {
      Finding finding = refusal(item("temperature", decimal("1")), item(linkId, decimal("2")));
      assertThat(finding.expression()).isEqualTo("QuestionnaireResponse.item[1].linkId");
      assertThat(finding.code()).isEqualTo("not-found");
      assertThat(finding.message()).doesNotContain(linkId);
    }
    assertThat(refusal(group("one", item("acr", decimal("1")), item("nose"))).expression())
        .isEqualTo("QuestionnaireResponse.item[0].item[1].linkId");
  }

  @Test
  void all_mistakes_are_found_at_once_up_to_a_hundred() {
    assertThat(refused(response(item("nose"), item("age", decimal("1")), item("ear"))).list())
        .extracting(Finding::expression)
        .containsExactly(
            "QuestionnaireResponse.item[0].linkId",
            "QuestionnaireResponse.item[1].answer[0]",
            "QuestionnaireResponse.item[2].linkId");
    ObjectNode[] noses =
        IntStream.range(0, 101).mapToObj(i -> item("nose")).toArray(ObjectNode[]::new);
    assertThat(refused(response(noses)).list()).hasSize(100);
    assertThat(refused(response(noses)).truncated()).isTrue();
  }

  @Test
  void an_option_of_a_group_is_answered_inside_the_group_or_alone() {
    JsonNode inside = only(group("one", item("acr", decimal("3"))));
    JsonNode alone = only(item("acr", decimal("3")));
    assertThat(inside.at("/code/coding/0/code").asString()).isEqualTo("9318-7");
    assertThat(inside.get("valueQuantity")).isEqualTo(alone.get("valueQuantity"));
  }

  @Test
  void values_of_a_series_have_their_own_times() {
    String timed =
        "{\"valueDecimal\": %s, \"item\": [ {\"linkId\": \"creatinine.at\", \"answer\": [ {%s} ]} ]}";
    List<JsonNode> observations =
        observations(
            taken(
                response(
                    item(
                        "creatinine",
                        timed.formatted("1.0", "\"valueDateTime\": \"2026-11-18T10:00:00Z\""),
                        timed.formatted("1.1", "\"valueDate\": \"2026-11-19\""),
                        timed.formatted("1.2", ""),
                        decimal("1.3"))),
                MODEL));
    assertThat(observations)
        .extracting(observation -> observation.path("effectiveDateTime").asString(""))
        .containsExactly(
            "2026-11-18T10:00:00Z", "2026-11-19", AUTHORED.toString(), AUTHORED.toString());
    assertThat(observations)
        .extracting(observation -> observation.path("id").asString(""))
        .doesNotHaveDuplicates();
  }

  @Test
  void without_a_time_of_its_own_a_response_is_of_the_time_when_it_came() {
    ObjectNode response = response(item("temperature", decimal("37")));
    response.remove("authored");
    assertThat(observations(taken(response, MODEL)).getFirst().path("effectiveDateTime").asString())
        .isEqualTo(Given.NOW.toString());
  }

  @Test
  void only_a_finished_response_is_taken() {
    for (String status : List.of("in-progress", "stopped", "entered-in-error")) {
      Finding finding =
          refused(response(item("temperature", decimal("37"))).put("status", status))
              .list()
              .getFirst();
      assertThat(finding.expression()).isEqualTo("QuestionnaireResponse.status");
    }
    assertThat(
            observations(
                taken(
                    response(item("temperature", decimal("37"))).put("status", "amended"), MODEL)))
        .hasSize(1);
  }

  @Test
  void the_same_response_gives_the_same_bundle_and_another_one_other_ids() {
    ObjectNode response = response(item("temperature", decimal("37")));
    Answers first = taken(response, MODEL);
    Instant later = Given.NOW.plus(Duration.ofHours(1));
    Answers again =
        ((Extraction.Result.Taken) Extraction.of(response.deepCopy(), MODEL, true, later))
            .answers();
    assertThat(again).isEqualTo(first);
    Answers other = taken(response(item("temperature", decimal("37.0"))), MODEL);
    assertThat(other.digest()).isNotEqualTo(first.digest());
    assertThat(other.addition().at("/entry/1/fullUrl"))
        .isNotEqualTo(first.addition().at("/entry/1/fullUrl"));
  }

  @Test
  void no_answer_is_lost_when_a_question_stands_twice() {
    Answers answers =
        taken(
            response(
                item("creatinine", decimal("1.0")),
                item("creatinine", decimal("1.1")),
                group("one", item("acr", decimal("1"))),
                group("one", item("acr", decimal("2")))),
            MODEL);
    assertThat(answers.addition().path("entry").values())
        .hasSize(5)
        .extracting(entry -> entry.path("fullUrl").asString())
        .doesNotHaveDuplicates();
  }
}
