package org.clinisandbox.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.fhir.R4;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.ModelReply;
import org.clinisandbox.sandbox.mock.MockBackend;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is recorded of an answer, and its FHIR form. */
class OutcomeTest {
  private static final JsonNode INPUTS =
      Json.MAPPER.readTree(
          """
          [{"name": "age", "value": 67, "source": "Patient/p1"},
           {"name": "sex", "value": "female", "source": "Patient/p1"},
           {"name": "systolic", "value": 98, "source": "Observation/bp.component[0]"},
           {"name": "oxygen", "value": 0, "source": "assumed"}]
          """);

  private static ObjectNode outcome(ModelReply reply, boolean mock) {
    Manifest manifest =
        new Manifest(
            "m",
            "1.0",
            "A model",
            "mock/m",
            Protocol.JSON_LINES,
            Isolation.NONE,
            Limits.DEFAULT,
            Manifest.Population.ANY,
            List.of(),
            List.of(),
            new Manifest.Output(
                new Coding("http://loinc.org", "98979-8", "eGFR"), null, null, null),
            List.of(),
            Map.of("intended_use", "Testing."));
    return new Outcome(manifest, reply, mock, Instant.parse("2026-11-21T12:00:00Z"))
        .json(
            UUID.randomUUID(),
            INPUTS,
            "sha256:00",
            new MockBackend(),
            Duration.ofMillis(5),
            Duration.ofMillis(1),
            new byte[32]);
  }

  private static ModelReply reply(String score, String probability) {
    return new ModelReply(
        "high",
        score.isEmpty() ? null : new BigDecimal(score),
        score.isEmpty() ? null : "{score}",
        probability.isEmpty() ? null : new BigDecimal(probability),
        "high",
        "why",
        Json.MAPPER.createObjectNode());
  }

  @Test
  void the_risk_assessment_is_valid_r4_whatever_the_model_gave() {
    for (ModelReply reply : List.of(reply("10", ""), reply("", "0.4486"), reply("", ""))) {
      // HAPI's R4 carries an edition of this code system from before the code was added to it.
      assertThat(R4.errors((ObjectNode) outcome(reply, false).get("fhir")))
          .allMatch(error -> error.endsWith("v3-ObservationValue#AIAST'"));
      assertThat(R4.errors((ObjectNode) outcome(reply, true).get("fhir"))).isEmpty();
    }
  }

  @Test
  void a_probability_is_a_percentage_in_fhir_and_not_in_ours() {
    ObjectNode outcome = outcome(reply("", "0.4486"), false);

    assertThat(outcome.at("/result/probability").decimalValue()).isEqualByComparingTo("0.4486");
    assertThat(outcome.at("/fhir/prediction/0/probabilityDecimal").decimalValue())
        .isEqualByComparingTo("44.86");
  }

  @Test
  void each_resource_it_rests_on_is_named_once_and_nothing_else() {
    assertThat(outcome(reply("1", ""), false).at("/fhir/basis"))
        .extracting(basis -> basis.path("reference").asString())
        .containsExactly("Patient/p1");
  }

  @Test
  void what_the_mock_says_is_labelled_as_test_data_and_a_models_word_as_a_machines() {
    assertThat(outcome(reply("", ""), true).at("/fhir/meta/security/0/code").asString())
        .isEqualTo("HTEST");
    assertThat(outcome(reply("", ""), true).path("mock").asBoolean()).isTrue();
    assertThat(outcome(reply("", ""), false).at("/fhir/meta/security/0/code").asString())
        .isEqualTo("AIAST");
    assertThat(outcome(reply("", ""), false).has("mock")).isFalse();
  }
}
