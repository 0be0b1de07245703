package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.clinisandbox.fhir.R4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be asked without making a job: is it ready, what does a model need. */
class NegotiateIT {
  private final Client client = Up.client();

  @ParameterizedTest
  @CsvSource({"fib4_valid, success", "sepsis_valid, data-requested"})
  void a_complete_bundle_is_ready_and_makes_no_job(String payload, String guidance)
      throws SQLException {
    long jobs = Sql.number("select count(*) from jobs");

    Client.Answer answer = client.post("/v1/negotiate", Client.payload(payload));

    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
    assertThat(answer.body().path("status").asString()).isEqualTo("ready");
    assertThat(answer.body().path("guidance").path("status").asString()).isEqualTo(guidance);
    assertThat(R4.errors((ObjectNode) answer.body().path("guidance"))).isEmpty();
    assertThat(answer.body().path("inputs")).isNotEmpty();
    assertThat(answer.body().has("job_id")).isFalse();
    assertThat(Sql.number("select count(*) from jobs")).isEqualTo(jobs);
  }

  @Test
  void what_is_missing_begins_a_negotiation_that_comes_to_a_job() {
    Client.Answer answer =
        client.post("/v1/negotiate", Client.payload("sepsis_missing_temperature"));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(Talk.gaps(answer.body())).containsExactly("temperature missing");
    Talk talk = new Talk(client, answer);
    assertThat(talk.answer(Talk.response("temperature", 39.4)).status()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource({"not_fhir, invalid-fhir", "sepsis_infant, not-applicable"})
  void what_cannot_be_used_is_refused_as_for_a_job(String payload, String type) {
    Client.Answer answer = client.post("/v1/negotiate", Client.payload(payload));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.type()).isEqualTo("urn:clinisandbox:" + type);
    assertThat(answer.body().has("negotiation_id")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"questionnaire, Questionnaire", "library, Library"})
  void a_models_needs_are_valid_fhir(String format, String resource) {
    for (String model :
        new String[] {
          "sepsis", "ckd-epi-2021", "kfre-4", "kfre-8", "ascvd-pce", "fib-4", "qsofa"
        }) {
      Client.Answer answer = client.get("/v1/models/" + model + "/requirements?format=" + format);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Content-Type")).startsWith("application/fhir+json");
      assertThat(answer.body().path("resourceType").asString()).isEqualTo(resource);
      assertThat(R4.errors((ObjectNode) answer.body())).as(model).isEmpty();
    }
  }

  @Test
  void a_models_needs_are_told_plainly() {
    JsonNode needs = client.get("/v1/models/sepsis/requirements").body();

    assertThat(needs.path("model").path("version").asString()).isEqualTo("2.0.0");
    assertThat(needs.path("population").path("age").path("low").asInt()).isEqualTo(16);
    assertThat(needs.path("requirements"))
        .extracting(each -> each.path("name").asString())
        .containsExactlyInAnyOrder(
            "age",
            "respiration",
            "spo2",
            "oxygen",
            "systolic",
            "heart_rate",
            "consciousness",
            "temperature",
            "spo2_scale");
    assertThat(needs.path("requirements"))
        .filteredOn(each -> each.path("name").asString().equals("temperature"))
        .singleElement()
        .satisfies(
            temperature -> {
              assertThat(temperature.path("code").asString()).isEqualTo("8310-5");
              assertThat(temperature.path("unit").asString()).isEqualTo("Cel");
              assertThat(temperature.path("max_age").asString()).isEqualTo("PT24H");
              assertThat(temperature.path("mandatory").asBoolean()).isTrue();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "sepsis/requirements?version=2.0.0, 200",
    "sepsis/requirements?version=2.0, 404",
    "sepsis/requirements?version=9.9.9&format=library, 404",
    "unknown/requirements, 404",
    "sepsis/requirements?format=xml, 400"
  })
  void a_version_is_taken_by_its_exact_text(String path, int status) {
    assertThat(client.get("/v1/models/" + path).status()).isEqualTo(status);
  }
}
