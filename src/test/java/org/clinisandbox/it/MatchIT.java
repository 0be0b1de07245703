package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** POST /v1/match: which models can use a bundle, and what would help. */
class MatchIT {
  private final Client client = Up.client();

  private JsonNode match(String payload) {
    Client.Answer answer = client.post("/v1/match", Client.payload(payload).path("fhir_bundle"));
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
    return answer.body();
  }

  private static JsonNode of(JsonNode answer, String key) {
    return answer
        .path("models")
        .valueStream()
        .filter(match -> match.path("model").path("key").asString().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static String verdict(JsonNode answer, String key) {
    return of(answer, key).path("verdict").asString();
  }

  @Test
  void every_model_gets_its_verdict() {
    JsonNode adult = match("sepsis_valid");

    assertThat(verdict(adult, "sepsis")).isEqualTo("ready");
    assertThat(verdict(adult, "qsofa")).isEqualTo("ready");
    assertThat(verdict(adult, "fib-4")).isEqualTo("data-required");
    assertThat(Talk.gaps(of(adult, "fib-4")))
        .containsExactlyInAnyOrder("ast missing", "alt missing", "platelets missing");
    assertThat(of(adult, "sepsis").path("model").path("version").asString()).isEqualTo("2.0.0");
    assertThat(verdict(match("sepsis_infant"), "sepsis")).isEqualTo("not-applicable");
  }

  @Test
  void what_would_make_more_models_ready_is_named() {
    JsonNode answer = match("sepsis_missing_temperature");

    assertThat(answer.path("complete").asBoolean()).isTrue();
    assertThat(answer.path("unlock"))
        .allSatisfy(each -> assertThat(each.path("ask").size()).isBetween(1, 3))
        .anySatisfy(
            each -> {
              assertThat(codes(each)).containsExactly("8310-5");
              assertThat(each.path("models").toString()).contains("\"sepsis\"");
              assertThat(each.at("/ask/0/system").asString()).isEqualTo("http://loinc.org");
              assertThat(each.at("/ask/0/display").asString()).isNotBlank();
            })
        .anySatisfy(
            each -> {
              assertThat(codes(each)).containsExactly("2160-0");
              assertThat(each.path("models").toString()).contains("\"ckd-epi-2021\"");
            });
  }

  private static List<String> codes(JsonNode unlock) {
    return unlock.path("ask").valueStream().map(item -> item.path("code").asString()).toList();
  }

  @Test
  void a_model_that_came_by_sql_is_seen_at_once() throws Exception {
    match("sepsis_valid");
    Sql.insertMock("seen-at-once", "1.0", "{\"code\": \"8310-5\"}");

    assertThat(verdict(match("sepsis_valid"), "seen-at-once")).isEqualTo("ready");

    Sql.run("update diagnostic_models set state = 'retired' where key = 'seen-at-once'");
    assertThat(match("sepsis_valid").path("models").toString()).doesNotContain("seen-at-once");
  }

  @Test
  void nothing_is_stored() throws Exception {
    long negotiations = Sql.number("select count(*) from negotiations");
    long jobs = Sql.number("select count(*) from jobs");

    match("sepsis_missing_temperature");

    assertThat(Sql.number("select count(*) from negotiations")).isEqualTo(negotiations);
    assertThat(Sql.number("select count(*) from jobs")).isEqualTo(jobs);
  }

  @Test
  void what_is_not_fhir_is_refused() {
    Client.Answer answer = client.post("/v1/match", Client.payload("not_fhir").path("fhir_bundle"));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.type()).isEqualTo("urn:clinisandbox:invalid-fhir");
    // The envelope of /v1/diagnose is no bundle.
    assertThat(client.post("/v1/match", Client.payload("sepsis_valid")).status()).isEqualTo(422);
  }
}
