package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.it.Talk.gaps;
import static org.clinisandbox.it.Talk.response;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.UUID;
import org.clinisandbox.fhir.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers that a negotiation does not take, and negotiations that take none. */
class NegotiationRefusalsIT {
  private final Client client = Up.client();

  private Talk begun() {
    return Talk.begin(client, Talk.without("temperature"));
  }

  private static void assertPlace(Client.Answer answer, String place) {
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(422);
    assertThat(answer.type()).isEqualTo("urn:clinisandbox:invalid-fhir");
    assertThat(answer.body().path("operation_outcome").path("issue"))
        .isNotEmpty()
        .extracting(issue -> issue.path("expression").path(0).asString(""))
        .allMatch(found -> found.startsWith("QuestionnaireResponse"))
        .contains(place);
  }

  @Test
  void a_response_about_another_patient_is_the_wrong_subject() {
    Talk talk = begun();
    ObjectNode response = response("temperature", 39.4);
    response.putObject("subject").put("reference", "Patient/somebody-else");

    JsonNode answer = talk.answer(response).body();

    assertThat(gaps(answer)).containsExactly("temperature wrong-subject");
    assertThat(answer.path("closed").asBoolean(true)).isFalse();
    assertThat(talk.answer(response("temperature", 39.4)).status()).isEqualTo(202);
  }

  @Test
  void a_bundle_about_another_patient_is_the_wrong_subject() {
    JsonNode bundle =
        Json.MAPPER.readTree(
            """
            {"resourceType": "Bundle", "type": "collection", "entry": [
              {"fullUrl": "urn:uuid:77777777-0000-4000-8000-000000000001",
               "resource": {"resourceType": "Patient", "id": "somebody-else", "gender": "male"}},
              {"fullUrl": "urn:uuid:77777777-0000-4000-8000-000000000002",
               "resource": {"resourceType": "Observation", "id": "theirs", "status": "final",
                 "code": {"coding": [{"system": "http://loinc.org", "code": "8310-5"}]},
                 "subject": {"reference": "urn:uuid:77777777-0000-4000-8000-000000000001"},
                 "effectiveDateTime": "%s",
                 "valueQuantity": {"value": 39.4, "system": "http://unitsofmeasure.org", "code": "Cel"}}}]}
            """
                .formatted(java.time.Instant.now()));

    assertThat(gaps(begun().answer(bundle).body())).containsExactly("temperature wrong-subject");
  }

  @Test
  void a_response_that_is_not_valid_is_refused_with_its_places_and_changes_nothing()
      throws SQLException {
    Talk talk = begun();
    ObjectNode noStatus = response("temperature", 39.4);
    noStatus.remove("status");
    ObjectNode wrongValue = response();
    Talk.answer(wrongValue, "temperature").put("valueDecimal", "hot");
    ObjectNode unfinished = response("temperature", 39.4).put("status", "in-progress");

    assertPlace(talk.answer(noStatus), "QuestionnaireResponse");
    assertPlace(
        talk.answer(wrongValue), "QuestionnaireResponse.item[0].answer[0].value.ofType(decimal)");
    assertPlace(talk.answer(unfinished), "QuestionnaireResponse.status");
    assertThat(gaps(talk.standing().body())).containsExactly("temperature missing");
    assertThat(Sql.number("select turn from negotiations where id = '" + talk.id() + "'")).isZero();
  }

  @Test
  void an_answer_to_no_question_is_refused_and_nothing_of_it_is_taken() {
    Talk talk = begun();
    ObjectNode response = response("temperature", 39.4);
    Talk.answer(response, "temprature").put("valueDecimal", 39.4);

    assertPlace(talk.answer(response), "QuestionnaireResponse.item[1].linkId");
    assertThat(gaps(talk.standing().body())).containsExactly("temperature missing");
  }

  @Test
  void a_bundle_that_is_not_valid_is_refused_with_its_places() {
    ObjectNode bundle = Talk.only("temperature");
    ((ObjectNode) bundle.at("/entry/0/resource")).remove("status");

    Client.Answer answer = begun().answer(bundle);

    assertThat(answer.type()).isEqualTo("urn:clinisandbox:invalid-fhir");
    assertThat(answer.body().at("/operation_outcome/issue/0/expression/0").asString())
        .startsWith("Bundle.entry[0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not json", "", "[]", "7", "{}", "{\"resourceType\": \"Patient\"}"})
  void what_is_no_answer_at_all_is_refused(String body) {
    Client.Answer answer =
        client.post(
            begun().path() + "/answers", "application/json", body.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
  }

  @Test
  void a_response_is_taken_as_fhir_json_and_in_no_other_media_type() {
    Talk talk = begun();
    byte[] body = Json.MAPPER.writeValueAsBytes(response("temperature", 39.4));

    assertThat(client.post(talk.path() + "/answers", "text/plain", body).status()).isEqualTo(415);
    assertThat(client.post(talk.path() + "/answers", "application/fhir+json", body).status())
        .isEqualTo(202);
  }

  @Test
  void a_negotiation_that_never_was_is_404() {
    for (String id : new String[] {UUID.randomUUID().toString(), "not-an-id"}) {
      String path = "/v1/negotiations/" + id;

      assertThat(client.get(path).status()).isEqualTo(404);
      assertThat(client.post(path + "/answers", response("temperature", 39.4)).status())
          .isEqualTo(404);
    }
  }

  @Test
  void one_that_is_older_than_a_day_is_gone() throws SQLException {
    Talk talk = begun();
    Sql.run(
        "update negotiations set created_at = now() - interval '24 hours 1 second' where id = '"
            + talk.id()
            + "'");

    for (Client.Answer answer :
        new Client.Answer[] {talk.standing(), talk.answer(response("temperature", 39.4))}) {
      assertThat(answer.status()).isEqualTo(410);
      assertThat(answer.type()).isEqualTo("urn:clinisandbox:negotiation-expired");
      assertThat(answer.body().path("detail").asString()).contains("/v1/diagnose");
    }
  }
}
