package org.clinisandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.registry.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
  private static final Manifest.Output SCORE =
      new Manifest.Output(
          null, new Requirement.Range(BigDecimal.ZERO, BigDecimal.valueOf(20)), "{score}", null);
  private static final String CANARY = "Kowalski";

  @Test
  void a_request_is_one_line_of_the_protocol() {
    Map<String, ModelInput> inputs = new LinkedHashMap<>();
    Instant effective = Instant.parse("2026-11-20T10:00:00Z");
    inputs.put("temperature", new ModelInput.Quantity(new BigDecimal("39.40"), "Cel", effective));
    inputs.put("age", new ModelInput.Quantity(BigDecimal.valueOf(67), "a", null));
    inputs.put("sex", new ModelInput.Word("female", null));
    inputs.put("note", new ModelInput.Word("two\nlines", effective));
    inputs.put("count", new ModelInput.Quantity(new BigDecimal("1E+3"), null, null));
    inputs.put("diabetes", new ModelInput.Truth(true, effective));
    inputs.put("treated", new ModelInput.Truth(false, null));
    byte[] request =
        JsonLines.request(
            new ModelRequest(
                "sepsis",
                "2.0.0",
                "5eed",
                Instant.parse("2026-11-21T08:00:00Z"),
                Map.of("kfre.region", "north-america"),
                inputs));
    assertThat(request)
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"protocol\":\"clinisandbox/1\",\"model\":{\"key\":\"sepsis\",\"version\":\"2.0.0\"},"
                + "\"seed\":\"5eed\",\"now\":\"2026-11-21T08:00:00Z\","
                + "\"settings\":{\"kfre.region\":\"north-america\"},\"inputs\":{"
                + "\"temperature\":{\"value\":39.40,\"unit\":\"Cel\",\"effective\":\"2026-11-20T10:00:00Z\"},"
                + "\"age\":{\"value\":67,\"unit\":\"a\"},\"sex\":{\"value\":\"female\"},"
                + "\"note\":{\"value\":\"two\\nlines\",\"effective\":\"2026-11-20T10:00:00Z\"},"
                + "\"count\":{\"value\":1000},"
                + "\"diabetes\":{\"value\":true,\"effective\":\"2026-11-20T10:00:00Z\"},"
                + "\"treated\":{\"value\":false}}}");
  }

  @Test
  void a_series_is_written_as_its_newest_value_with_the_earlier_ones_behind_it() {
    Instant newest = Instant.parse("2026-11-20T10:00:00Z");
    ModelInput.Series creatinine =
        new ModelInput.Series(
            List.of(
                new ModelInput.Quantity(new BigDecimal("1.9"), "mg/dL", newest),
                new ModelInput.Quantity(new BigDecimal("1.20"), "mg/dL", newest.minusSeconds(7200)),
                new ModelInput.Quantity(new BigDecimal("1E+1"), null, null)));
    assertThat(
            JsonLines.request(
                new ModelRequest(
                    "k", "1", "s", newest, Map.of(), Map.of("creatinine", creatinine))))
        .asString(StandardCharsets.UTF_8)
        .endsWith(
            "\"inputs\":{\"creatinine\":{\"value\":1.9,\"unit\":\"mg/dL\","
                + "\"effective\":\"2026-11-20T10:00:00Z\",\"earlier\":["
                + "{\"value\":1.20,\"unit\":\"mg/dL\",\"effective\":\"2026-11-20T08:00:00Z\"},"
                + "{\"value\":10}]}}}");
    assertThat(creatinine.effective()).isEqualTo(newest);
  }

  @Test
  void a_series_of_nothing_is_refused() {
    assertThatThrownBy(() -> new ModelInput.Series(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void requests_and_replies_hide_their_content_when_printed() {
    ModelRequest request =
        new ModelRequest(
            "k",
            "1",
            "s",
            Instant.EPOCH,
            Map.of(),
            Map.of("name", new ModelInput.Word(CANARY, null)));
    assertThat(request.toString()).doesNotContain(CANARY);
    assertThat(good("{\"outcome\":\"" + CANARY + "\"}").toString()).doesNotContain(CANARY);
  }

  @Test
  void a_whole_reply_is_read_exactly() {
    ModelReply reply =
        good(
            "{\"outcome\":\"high\",\"score\":10.50,\"unit\":\"{score}\",\"probability\":0.1,"
                + "\"qualitative\":\"high\",\"rationale\":\"Because — of that.\","
                + "\"details\":{\"a\":[1,{\"b\":null}]}}");
    assertThat(reply.outcome()).isEqualTo("high");
    assertThat(reply.score()).isEqualTo(new BigDecimal("10.50"));
    assertThat(reply.unit()).isEqualTo("{score}");
    assertThat(reply.probability()).isEqualTo(new BigDecimal("0.1"));
    assertThat(reply.qualitative()).isEqualTo("high");
    assertThat(reply.rationale()).isEqualTo("Because — of that.");
    assertThat(reply.details().toString()).isEqualTo("{\"a\":[1,{\"b\":null}]}");
  }

  @Test
  void only_an_outcome_is_needed_and_null_is_absent() {
    for (String text :
        new String[] {
          "{\"outcome\":\"low\"}",
          "{\"outcome\":\"low\",\"score\":null,\"unit\":null,\"probability\":null,"
              + "\"qualitative\":null,\"rationale\":null,\"details\":null}\r"
        }) {
      ModelReply reply = good(text);
      assertThat(reply.score()).isNull();
      assertThat(reply.unit()).isNull();
      assertThat(reply.probability()).isNull();
      assertThat(reply.qualitative()).isNull();
      assertThat(reply.rationale()).isNull();
      assertThat(reply.details().isEmpty()).isTrue();
    }
  }

  @Test
  void a_score_without_a_unit_has_the_manifests() {
    assertThat(good("{\"outcome\":\"low\",\"score\":3}").unit()).isEqualTo("{score}");
  }

  @Test
  void bounds_are_inclusive() {
    assertThat(good("{\"outcome\":\"a\",\"score\":20,\"probability\":1}").score())
        .isEqualByComparingTo("20");
    assertThat(good("{\"outcome\":\"a\",\"score\":0,\"probability\":0}").probability())
        .isEqualByComparingTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Kowalski",
        "[]",
        "\"Kowalski\"",
        "{}",
        "{\"outcome\":\" \"}",
        "{\"outcome\":null}",
        "{\"outcome\":7}",
        "{\"outcome\":\"a\",\"Kowalski\":1}",
        "{\"outcome\":\"a\",\"outcome\":\"Kowalski\"}",
        "{\"outcome\":\"a\",\"details\":{\"x\":1,\"x\":\"Kowalski\"}}",
        "{\"outcome\":\"a\"} {\"outcome\":\"Kowalski\"}",
        "{\"outcome\":\"a\",\"score\":NaN}",
        "{\"outcome\":\"a\",\"score\":Infinity}",
        "{\"outcome\":\"a\",\"score\":\"3\"}",
        "{\"outcome\":\"a\",\"score\":20.000001}",
        "{\"outcome\":\"a\",\"score\":-0.1}",
        "{\"outcome\":\"a\",\"score\":1e999999999}",
        "{\"outcome\":\"a\",\"details\":{\"x\":[1e-999999999]}}",
        "{\"outcome\":\"a\",\"score\":1,\"unit\":\"Kowalski\"}",
        "{\"outcome\":\"a\",\"unit\":5}",
        "{\"outcome\":\"a\",\"probability\":1.7}",
        "{\"outcome\":\"a\",\"probability\":-0.0001}",
        "{\"outcome\":\"a\",\"probability\":true}",
        "{\"outcome\":\"a\",\"details\":[\"Kowalski\"]}",
        "{\"outcome\":\"a\",\"details\":\"Kowalski\"}",
        "{\"outcome\":\"a\",\"rationale\":[\"Kowalski\"]}",
        "{\"outcome\":\"Kowalski\\u0000\"}",
        "{\"outcome\":\"a\",\"details\":{\"Kowalski\":[\"\\ud800\"]}}",
        "{\"outcome\":\"a\",\"details\":{\"Kowalski\\udc00\":1}}",
        "{'outcome':'Kowalski'}",
        "{\"outcome\":\"a\",}",
        "{\"outcome\":\"a\"/* Kowalski */}"
      })
  void a_reply_that_breaks_a_rule_is_bad_and_its_reason_repeats_nothing(String text) {
    assertBad(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void what_is_too_long_or_too_deep_is_bad() {
    assertBad(("{\"outcome\":\"" + "a".repeat(201) + "\"}").getBytes(StandardCharsets.UTF_8));
    String umlauts = "ä".repeat(2048);
    good("{\"outcome\":\"a\",\"rationale\":\"" + umlauts + "\"}");
    assertBad(
        ("{\"outcome\":\"a\",\"rationale\":\"" + umlauts + "a\"}")
            .getBytes(StandardCharsets.UTF_8));
    good("{\"outcome\":\"a\",\"details\":{\"x\":" + nested(62) + "}}");
    assertBad(
        ("{\"outcome\":\"a\",\"details\":{\"x\":" + nested(63) + "}}")
            .getBytes(StandardCharsets.UTF_8));
    assertBad(
        ("{\"outcome\":\"a\",\"score\":0." + "1".repeat(200) + "}")
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void what_is_not_utf_8_is_bad() {
    assertBad("{\"outcome\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertBad("{\"outcome\":\"a\"}".getBytes(StandardCharsets.UTF_16));
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static ModelReply good(String text) {
    Reply reply = Exchange.read(Protocol.JSON_LINES, text.getBytes(StandardCharsets.UTF_8), SCORE);
    assertThat(reply).isInstanceOf(Reply.Good.class);
    return ((Reply.Good) reply).reply();
  }

  private static void assertBad(byte[] line) {
    assertThat(Exchange.read(Protocol.JSON_LINES, line, SCORE))
        .isInstanceOfSatisfying(
            Reply.Bad.class,
            bad ->
                assertThat(bad.reason())
                    .startsWith("The model's reply is not usable")
                    .doesNotContain(CANARY));
  }
}
