package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.clinisandbox.fhir.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Models that do what they should not: each job fails with its code, and the next one runs. */
class HostileModelsIT {
  private final Client client = Up.client();

  private String run(String model) {
    return run(model, model, "{\"score\": {\"low\": 0, \"high\": 20}}");
  }

  private String run(String key, String model, String output) {
    ObjectNode manifest =
        (ObjectNode)
            Json.MAPPER.readTree(
                """
                {"key": "%s", "version": "1.0.0", "name": "Hostile", "image": "wasm:tests/models/%s/%s.wasm",
                 "limits": {"memory": "16Mi", "timeout": "PT1S", "output": "64Ki"},
                 "output": %s,
                 "required_observations": [{"name": "temperature", "code": "8310-5", "unit": "Cel"}]}
                """
                    .formatted(key, model, model, output));
    assertThat(client.post("/v1/models", manifest).status()).isEqualTo(201);
    client.send(
        "PATCH",
        "/v1/models/" + key + "/versions/1.0.0",
        "application/json",
        "{\"state\":\"active\"}".getBytes(StandardCharsets.UTF_8));
    return client.accepted(Client.payload("sepsis_valid").put("model_key", key));
  }

  @ParameterizedTest
  @CsvSource({
    "spin, MODEL_TIMEOUT",
    "eat-memory, MODEL_OUT_OF_MEMORY",
    "crash, MODEL_CRASHED",
    "exit-nonzero, MODEL_CRASHED",
    "no-reply, MODEL_CRASHED",
    "two-lines, MODEL_INVALID_OUTPUT",
    "huge-output, MODEL_INVALID_OUTPUT",
    "deep-json, MODEL_INVALID_OUTPUT",
    "nan, MODEL_INVALID_OUTPUT",
    "not-json, MODEL_INVALID_OUTPUT",
    "wrong-shape, MODEL_INVALID_OUTPUT",
    "bad-utf8, MODEL_INVALID_OUTPUT"
  })
  void a_job_fails_with_the_reason_and_who_is_to_blame(String model, String code) {
    JsonNode job = client.ended(run(model));

    assertThat(job.path("status").asString()).isEqualTo("failed");
    assertThat(job.path("error").path("code").asString()).isEqualTo(code);
    assertThat(job.path("error").path("blame").asString()).isEqualTo("model");
    assertThat(job.has("result")).isFalse();
    assertThat(
            client
                .ended(client.accepted(Client.payload("sepsis_valid")))
                .path("result")
                .path("score")
                .asInt())
        .isEqualTo(10);
  }

  @Test
  void a_model_sees_the_inputs_it_declared_and_nothing_of_the_host() {
    JsonNode job = client.ended(run("opens-files"));

    assertThat(job.path("status").asString()).isEqualTo("succeeded");
    assertThat(job.path("result").path("details").toString()).doesNotContain("root:");
    assertThat(job.path("inputs").size()).isEqualTo(1);
  }

  @Test
  void details_that_break_the_manifests_schema_are_never_delivered() {
    JsonNode job =
        client.ended(
            run(
                "opens-files-strictly",
                "opens-files",
                """
                {"schema": {"type": "object", "properties": {"open": {"maxProperties": 0}}}}
                """));

    assertThat(job.path("status").asString()).isEqualTo("failed");
    assertThat(job.path("error").path("code").asString()).isEqualTo("MODEL_INVALID_OUTPUT");
    assertThat(job.path("error").path("blame").asString()).isEqualTo("model");
    assertThat(job.has("result")).isFalse();
    assertThat(job.has("fhir")).isFalse();
    assertThat(job.toString()).doesNotContain("/etc/passwd");
    assertThat(Up.node().stderr()).doesNotContain("/etc/passwd");
  }

  @Test
  void what_a_model_prints_never_reaches_the_log() {
    client.ended(run("echo-stderr"));

    assertThat(Up.node().stderr()).doesNotContain("39.4").doesNotContain("clinisandbox/1");
  }
}
