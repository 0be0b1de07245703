package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.clinisandbox.fhir.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The registry, by HTTP and by SQL. */
class ModelsIT {
  private static final String CONTRACTS_STATEMENT =
      """
      INSERT INTO diagnostic_models (id, name, key, version, docker_image_path, accuracy, required_fhir_resources)
      VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'Sepsis V1', 'sepsis', '1.0', 'mock/sepsis', 0.98,
      '{"required_observations": [{"code": "8310-5", "display": "Body Temp", "mandatory": true}]}');
      """;

  private final Client client = Up.client();

  @Test
  void the_samples_are_there_and_active() {
    assertThat(client.get("/v1/models").body().path("models"))
        .filteredOn(model -> model.path("origin").asString("").equals("sample"))
        .allSatisfy(model -> assertThat(model.path("state").asString()).isEqualTo("active"))
        .extracting(model -> model.path("key").asString())
        .contains("sepsis", "ckd-epi-2021", "kfre-4", "kfre-8", "ascvd-pce", "fib-4", "qsofa");
  }

  @Test
  void the_source_documents_statement_makes_a_model_that_runs_as_a_mock() throws SQLException {
    Sql.run(CONTRACTS_STATEMENT);

    ObjectNode request = Client.payload("sepsis_valid").put("model_version", "1.0");
    JsonNode job = client.ended(client.accepted(request));

    assertThat(job.path("result").path("outcome").asString()).isEqualTo("mock");
    assertThat(job.path("result").path("rationale").asString()).isEqualTo("No model was run.");
    assertThat(job.path("result").path("score").isNull()).isTrue();
    assertThat(job.path("sandbox").path("isolation").asString()).isEqualTo("none");
    assertThat(job.path("mock").asBoolean()).isTrue();
    assertThat(job.path("fhir").path("meta").path("security").get(0).path("code").asString())
        .isEqualTo("HTEST");
    // The version by SQL is older by precedence, whenever it came.
    assertThat(client.get("/v1/models/sepsis").body().path("version").asString())
        .isEqualTo("2.0.0");
  }

  @Test
  void a_row_that_is_no_manifest_is_listed_as_invalid_and_not_used() throws SQLException {
    Sql.run(
        """
        insert into diagnostic_models (name, key, version, docker_image_path, required_fhir_resources)
        values ('Broken', 'broken', '1', 'mock/x', '{"required_observation": []}')
        """);

    assertThat(client.get("/v1/models").body().path("models"))
        .anySatisfy(
            model -> {
              assertThat(model.path("key").asString()).isEqualTo("broken");
              assertThat(model.path("invalid").asString()).contains("required_observation");
            });
    assertThat(client.get("/v1/models/broken").status()).isEqualTo(404);
  }

  @Test
  void a_posted_manifest_is_a_draft_until_it_is_made_active() {
    ObjectNode manifest = manifest("posted");

    assertThat(client.post("/v1/models", manifest).status()).isEqualTo(201);
    assertThat(client.get("/v1/models/posted").status()).isEqualTo(404);
    assertThat(client.post("/v1/models", manifest).status()).isEqualTo(409);
    assertThat(client.post("/v1/models", manifest.put("version", "1.0.0")).status()).isEqualTo(409);

    byte[] active = "{\"state\":\"active\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(
            client
                .send("PATCH", "/v1/models/posted/versions/1.0", "application/json", active)
                .status())
        .isEqualTo(200);
    assertThat(client.get("/v1/models/posted").status()).isEqualTo(200);
  }

  @Test
  void a_manifest_is_taken_in_the_short_form_too() {
    JsonNode shortForm =
        Json.MAPPER.readTree(
            """
            {"name": "Short", "key": "short", "version": "1.0", "docker_image_path": "mock/short",
             "required_fhir_resources": {"required_observations": [{"code": "8310-5"}]}}
            """);

    assertThat(client.post("/v1/models", shortForm).status()).isEqualTo(201);
  }

  @Test
  void every_mistake_of_a_manifest_is_named_at_once() {
    byte[] yaml =
        """
        key: wrong
        version: 1.10
        name: Wrong
        image: mock/wrong
        colour: red
        required_observations:
          - { name: temperature, code: "8310-6", max_age: 24h }
        """
            .getBytes(StandardCharsets.UTF_8);

    Client.Answer answer = client.post("/v1/models", "application/yaml", yaml);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.type()).isEqualTo("urn:clinisandbox:invalid-manifest");
    assertThat(answer.body().path("mistakes"))
        .extracting(mistake -> mistake.path("path").asString())
        .contains(
            "version",
            "colour",
            "required_observations[0].code",
            "required_observations[0].max_age");
  }

  private static ObjectNode manifest(String key) {
    return (ObjectNode)
        Json.MAPPER.readTree(
            """
            {"key": "%s", "version": "1.0", "name": "Posted", "image": "mock/posted",
             "required_observations": [{"name": "temperature", "code": "8310-5", "unit": "Cel"}]}
            """
                .formatted(key));
  }
}
