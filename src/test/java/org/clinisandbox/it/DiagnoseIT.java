package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.clinisandbox.fhir.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** POST /v1/diagnose and what follows, over HTTP. */
class DiagnoseIT {
  private final Client client = Up.client();

  @ParameterizedTest
  @CsvSource({
    "sepsis_valid, high, 10",
    "sepsis_fahrenheit, high, 12",
    "ckd_epi_valid, G2, 71.48248",
    "fib4_valid, indeterminate, 2.02888"
  })
  void a_complete_bundle_becomes_a_result(String payload, String outcome, String score) {
    JsonNode job = client.ended(client.accepted(Client.payload(payload)));

    assertThat(job.path("status").asString()).isEqualTo("succeeded");
    assertThat(job.path("result").path("outcome").asString()).isEqualTo(outcome);
    assertThat(job.path("result").path("score").decimalValue()).isEqualByComparingTo(score);
    assertThat(job.path("sandbox").path("isolation").asString()).isEqualTo("wasm");
    assertThat(job.path("fhir").path("resourceType").asString()).isEqualTo("RiskAssessment");
    assertThat(job.path("model").path("digest").asString()).startsWith("sha256:");
  }

  @Test
  void a_converted_input_says_what_it_was() {
    JsonNode job = client.ended(client.accepted(Client.payload("sepsis_fahrenheit")));

    assertThat(job.path("inputs"))
        .anySatisfy(
            input -> {
              assertThat(input.path("name").asString()).isEqualTo("temperature");
              assertThat(input.path("converted_from").asString()).isEqualTo("103 [degF]");
              assertThat(input.path("unit").asString()).isEqualTo("Cel");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "sepsis_missing_temperature, urn:clinisandbox:data-required, temperature, missing",
    "sepsis_stale, urn:clinisandbox:data-required, heart_rate, stale",
    "sepsis_infant, urn:clinisandbox:not-applicable, age, out-of-population"
  })
  void what_the_model_cannot_use_is_said_as_gaps(
      String payload, String type, String name, String reason) {
    Client.Answer answer = client.post("/v1/diagnose", Client.payload(payload));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.type()).isEqualTo(type);
    assertThat(answer.body().path("gaps"))
        .anySatisfy(
            gap -> {
              assertThat(gap.path("name").asString()).isEqualTo(name);
              assertThat(gap.path("reason").asString()).isEqualTo(reason);
            });
    assertThat(answer.body().path("operation_outcome").path("issue").size())
        .isEqualTo(answer.body().path("gaps").size());
  }

  @ParameterizedTest
  @CsvSource({"not_fhir, code-invalid", "two_patients, multiple-matches"})
  void what_is_not_fhir_is_said_as_findings(String payload, String code) {
    Client.Answer answer = client.post("/v1/diagnose", Client.payload(payload));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.type()).isEqualTo("urn:clinisandbox:invalid-fhir");
    assertThat(answer.body().path("operation_outcome").path("issue"))
        .anySatisfy(issue -> assertThat(issue.path("code").asString()).isEqualTo(code))
        .allSatisfy(
            issue -> assertThat(issue.path("expression").get(0).asString()).startsWith("Bundle"));
  }

  @Test
  void a_bare_bundle_is_taken_with_the_model_in_the_query() {
    byte[] bundle =
        Json.MAPPER.writeValueAsBytes(Client.payload("sepsis_valid").path("fhir_bundle"));

    Client.Answer answer =
        client.post(
            "/v1/diagnose?model_key=sepsis&client_reference=v-1", "application/fhir+json", bundle);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(client.ended(answer.body().path("job_id").asString()).path("client_reference"))
        .isEqualTo(Json.MAPPER.readTree("\"v-1\""));
  }

  @Test
  void prefer_wait_answers_with_the_finished_job() {
    Client.Answer answer =
        client.post("/v1/diagnose", Client.payload("sepsis_valid"), "Prefer", "wait=30");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("result").path("score").asInt()).isEqualTo(10);
  }

  @Test
  void the_same_key_and_body_make_one_job_however_many_come_at_once() throws Exception {
    ObjectNode request = Client.payload("sepsis_valid");
    String key = UUID.randomUUID().toString();
    Callable<Client.Answer> send =
        () -> client.post("/v1/diagnose", request, "Idempotency-Key", key);

    List<Client.Answer> answers;
    try (var threads = Executors.newFixedThreadPool(10)) {
      List<Future<Client.Answer>> futures =
          threads.invokeAll(java.util.Collections.nCopies(20, send));
      answers = futures.stream().map(Future::resultNow).toList();
    }

    assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(202));
    assertThat(answers.stream().map(a -> a.body().path("job_id").asString()).distinct()).hasSize(1);
    assertThat(answers.stream().filter(a -> a.header("Idempotent-Replayed").isEmpty())).hasSize(1);
  }

  @Test
  void the_same_key_with_another_body_is_a_conflict() {
    String key = UUID.randomUUID().toString();
    client.post("/v1/diagnose", Client.payload("sepsis_valid"), "Idempotency-Key", key);

    Client.Answer answer =
        client.post("/v1/diagnose", Client.payload("fib4_valid"), "Idempotency-Key", key);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.type()).isEqualTo("urn:clinisandbox:idempotency-key-reused");
  }

  @Test
  void a_refused_request_does_not_use_its_key_up() {
    String key = UUID.randomUUID().toString();
    client.post("/v1/diagnose", Client.payload("sepsis_stale"), "Idempotency-Key", key);

    assertThat(
            client
                .post("/v1/diagnose", Client.payload("sepsis_valid"), "Idempotency-Key", key)
                .status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model_key\":\"sepsis\",\"fhir_bundel\":{}} | fhir_bundel",
        "{\"fhir_bundle\":{}} | model_key",
        "{\"model_key\":\"sepsis\"} | fhir_bundle",
        "{\"model_key\":1,\"fhir_bundle\":{}} | model_key",
        "[] | object",
        "{\"model_key\":\"sepsis\",\"fhir_bundle\":{},\"client_reference\":\"a b\"} | client_reference"
      })
  void a_wrong_envelope_is_refused_by_name(String body, String named) {
    Client.Answer answer =
        client.post("/v1/diagnose", "application/json", body.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("detail").asString()).contains(named);
  }

  @Test
  void json_that_is_not_strict_is_refused() {
    for (byte[] body :
        List.of(
            "{\"model_key\":\"sepsis\",\"model_key\":\"x\",\"fhir_bundle\":{}}"
                .getBytes(StandardCharsets.UTF_8),
            "{\"model_key\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1),
            "\ufeff{}".getBytes(StandardCharsets.UTF_8),
            "{\"model_key\":\"\\u0000\",\"fhir_bundle\":{}}".getBytes(StandardCharsets.UTF_8),
            "{\"model_key\":\"\\ud800\",\"fhir_bundle\":{}}".getBytes(StandardCharsets.UTF_8),
            ("[".repeat(10_000) + "]".repeat(10_000)).getBytes(StandardCharsets.UTF_8),
            "not json".getBytes(StandardCharsets.UTF_8),
            new byte[0])) {
      assertThat(client.post("/v1/diagnose", "application/json", body).status()).isEqualTo(400);
    }
  }

  @Test
  void a_body_over_the_limit_is_refused_whether_its_length_is_told_or_not() {
    byte[] large = new byte[(16 << 20) + 1];

    assertThat(client.post("/v1/diagnose", "application/json", large).status()).isEqualTo(413);
    java.net.http.HttpRequest chunked =
        java.net.http.HttpRequest.newBuilder(
                java.net.URI.create(Up.node().line("server") + "/v1/diagnose"))
            .header("Content-Type", "application/json")
            .POST(
                java.net.http.HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(large)))
            .build();
    assertThat(client.send(chunked).status()).isEqualTo(413);
  }

  @Test
  void other_media_types_and_encodings_are_refused() {
    byte[] body = "<Bundle xmlns=\"http://hl7.org/fhir\"/>".getBytes(StandardCharsets.UTF_8);

    assertThat(client.post("/v1/diagnose", "application/fhir+xml", body).status()).isEqualTo(415);
    assertThat(client.post("/v1/diagnose", "text/plain", body).status()).isEqualTo(415);
    assertThat(
            client
                .post("/v1/diagnose", "application/json", body, "Content-Encoding", "gzip")
                .status())
        .isEqualTo(415);
    assertThat(client.post("/v1/diagnose", "multipart/form-data; boundary=x", body).status())
        .isEqualTo(415);
    assertThat(
            client
                .send("PATCH", "/v1/models/a/versions/1", "application/x-www-form-urlencoded", body)
                .status())
        .isEqualTo(415);
  }

  @Test
  void a_model_that_is_not_there_is_404() {
    ObjectNode request = Client.payload("sepsis_valid").put("model_key", "unknown");

    assertThat(client.post("/v1/diagnose", request).status()).isEqualTo(404);
    request.put("model_key", "sepsis").put("model_version", "2.0");
    assertThat(client.post("/v1/diagnose", request).status()).isEqualTo(404);
  }

  @Test
  void a_callback_that_is_not_public_is_refused() {
    ObjectNode request =
        Client.payload("sepsis_valid").put("callback_url", "https://169.254.169.254/latest");

    Client.Answer answer = client.post("/v1/diagnose", request);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.type()).isEqualTo("urn:clinisandbox:callback-refused");
  }

  @Test
  void a_request_addressed_to_another_host_is_refused() {
    String answer = RawHttp.get(Up.node().line("server"), "/v1/models", "evil.example");

    assertThat(answer).startsWith("HTTP/1.1 403");
  }

  @Test
  void every_answer_names_its_request() {
    assertThat(client.get("/v1/models").header("X-Request-Id")).isNotBlank();
    assertThat(client.get("/nowhere").header("X-Request-Id")).isNotBlank();
    assertThat(client.get("/nowhere").status()).isEqualTo(404);
    assertThat(client.get("/nowhere").header("Content-Type"))
        .startsWith("application/problem+json");
  }

  @Test
  void a_job_is_listed_and_one_that_is_not_there_is_404() {
    String job = client.accepted(Client.payload("sepsis_valid"));
    client.ended(job);

    JsonNode page = client.get("/v1/jobs?status=succeeded&model_key=sepsis&limit=1").body();
    assertThat(page.path("jobs").size()).isEqualTo(1);
    assertThat(page.path("next").asString()).isNotBlank();
    assertThat(client.get("/v1/jobs?after=" + page.path("next").asString()).status())
        .isEqualTo(200);
    assertThat(client.get("/v1/jobs/" + UUID.randomUUID()).status()).isEqualTo(404);
    assertThat(client.get("/v1/jobs/not-an-id").status()).isEqualTo(404);
    assertThat(client.get("/v1/jobs?limit=201").status()).isEqualTo(400);
    assertThat(client.get("/v1/jobs?limit=many").status()).isEqualTo(400);
    assertThat(client.get("/v1/jobs?model_key=a%00b").status()).isEqualTo(400);
  }

  @Test
  void a_finished_job_cannot_be_cancelled() {
    String job = client.accepted(Client.payload("sepsis_valid"));
    client.ended(job);

    Client.Answer answer =
        client.send("DELETE", "/v1/jobs/" + job, "application/json", new byte[0]);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.type()).isEqualTo("urn:clinisandbox:already-finished");
  }
}
