package org.clinisandbox.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServedTest {
  private static final Manifest.Output SCORE = new Manifest.Output(null, null, "mg/dL", null);

  private static byte[] request(Protocol protocol) {
    Map<String, ModelInput> inputs = new LinkedHashMap<>();
    inputs.put("age", new ModelInput.Quantity(new BigDecimal("67"), "a", null));
    inputs.put("sex", new ModelInput.Word("female", null));
    inputs.put("diabetes", new ModelInput.Truth(true, null));
    inputs.put(
        "creatinine",
        new ModelInput.Series(
            List.of(
                new ModelInput.Quantity(new BigDecimal("1.9"), "mg/dL", null),
                new ModelInput.Quantity(new BigDecimal("1.2"), "mg/dL", null))));
    return Exchange.request(
        protocol, new ModelRequest("m", "1", "0", Instant.EPOCH, Map.of(), inputs));
  }

  @Test
  void a_scoring_server_is_sent_one_record() {
    assertThat(request(Protocol.SAGEMAKER))
        .asString()
        .isEqualTo(
            "{\"dataframe_records\":[{\"age\":67,\"sex\":\"female\",\"diabetes\":true,"
                + "\"creatinine\":[1.9,1.2]}]}");
  }

  @Test
  void an_inference_server_is_sent_a_tensor_for_each_input() {
    assertThat(request(Protocol.OPEN_INFERENCE_V2))
        .asString()
        .isEqualTo(
            "{\"inputs\":["
                + "{\"name\":\"age\",\"shape\":[1,1],\"datatype\":\"FP64\",\"data\":[67]},"
                + "{\"name\":\"sex\",\"shape\":[1,1],\"datatype\":\"BYTES\",\"data\":[\"female\"]},"
                + "{\"name\":\"diabetes\",\"shape\":[1,1],\"datatype\":\"BOOL\",\"data\":[true]},"
                + "{\"name\":\"creatinine\",\"shape\":[1,2],\"datatype\":\"FP64\","
                + "\"data\":[1.9,1.2]}]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"predictions\":[0.87]}", "{\"predictions\":[[0.87]]}", "[0.87]", "[[0.87]]"})
  void a_bare_number_is_a_probability_or_the_score_that_the_manifest_declares(String body) {
    assertThat(good(Protocol.SAGEMAKER, body, Manifest.Output.ANY))
        .extracting(ModelReply::outcome, ModelReply::probability, ModelReply::score)
        .containsExactly("predicted", new BigDecimal("0.87"), null);
    assertThat(good(Protocol.SAGEMAKER, body, SCORE))
        .extracting(ModelReply::probability, ModelReply::score, ModelReply::unit)
        .containsExactly(null, new BigDecimal("0.87"), "mg/dL");
  }

  @Test
  void a_word_is_the_outcome_and_an_object_a_reply() {
    assertThat(good(Protocol.SAGEMAKER, "{\"predictions\":[\"high\"]}", SCORE).outcome())
        .isEqualTo("high");
    String whole = "{\"outcome\":\"low\",\"score\":3}";
    for (String body : List.of(whole, "[" + whole + "]", "{\"predictions\":[" + whole + "]}")) {
      assertThat(good(Protocol.SAGEMAKER, body, SCORE))
          .extracting(ModelReply::outcome, ModelReply::score)
          .containsExactly("low", new BigDecimal("3"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"predictions\":[0.1,0.2]}",
        "{\"predictions\":[]}",
        "{\"predictions\":[null]}",
        "{\"predictions\":[true]}",
        "{\"predictions\":[[[0.1]]]}",
        "{\"predictions\":[1.7]}",
        "{\"predictions\":[NaN]}",
        "{\"predictions\":[{\"outcome\":\"x\",\"other\":1}]}",
        "{\"error\":\"no\"}",
        "0.87",
        "[]",
        "null"
      })
  void anything_else_is_no_reply(String body) {
    assertThat(Exchange.read(Protocol.SAGEMAKER, body.getBytes(UTF_8), Manifest.Output.ANY))
        .isInstanceOf(Reply.Bad.class);
  }

  @Test
  void outputs_are_fields_of_the_reply_by_their_names_and_otherwise_details() {
    String body =
        """
        {"model_name": "m", "outputs": [
          {"name": "probability", "shape": [1, 1], "datatype": "FP64", "data": [0.2]},
          {"name": "outcome", "shape": [1], "datatype": "BYTES", "data": ["low"]},
          {"name": "margin", "shape": [1], "datatype": "FP64", "data": [1.5]},
          {"name": "weights", "shape": [2], "datatype": "FP64", "data": [1, 2]}]}
        """;
    ModelReply reply = good(Protocol.OPEN_INFERENCE_V2, body, Manifest.Output.ANY);
    assertThat(reply.outcome()).isEqualTo("low");
    assertThat(reply.probability()).isEqualTo(new BigDecimal("0.2"));
    assertThat(reply.details()).hasToString("{\"margin\":1.5,\"weights\":[1,2]}");
  }

  @Test
  void a_single_output_is_the_prediction() {
    String body = "{\"outputs\":[{\"name\":\"predict\",\"shape\":[1],\"data\":[0.4]}]}";
    assertThat(good(Protocol.OPEN_INFERENCE_V2, body, Manifest.Output.ANY).probability())
        .isEqualTo(new BigDecimal("0.4"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"outputs\":[]}",
        "{\"outputs\":[{\"name\":\"p\",\"data\":[0.1,0.2]}]}",
        "{\"outputs\":[{\"name\":\"p\"}]}",
        "{\"outputs\":[{\"data\":[0.1]},{\"data\":[0.2]}]}",
        "{\"outputs\":[{\"name\":\"score\",\"data\":[1]},{\"name\":\"score\",\"data\":[2]}]}"
      })
  void outputs_of_another_shape_are_no_reply(String body) {
    assertThat(Exchange.read(Protocol.OPEN_INFERENCE_V2, body.getBytes(UTF_8), SCORE))
        .isInstanceOf(Reply.Bad.class);
  }

  private static ModelReply good(Protocol protocol, String body, Manifest.Output output) {
    return ((Reply.Good) Exchange.read(protocol, body.strip().getBytes(UTF_8), output)).reply();
  }
}
