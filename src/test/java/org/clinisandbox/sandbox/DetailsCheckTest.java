package org.clinisandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.clinisandbox.registry.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetailsCheckTest {
  private static final String CANARY = "Kowalski";
  private static final String SCHEMA =
      """
      $defs: { points: { type: integer, minimum: 0, maximum: 3 } }
      type: object
      required: [points]
      additionalProperties: false
      properties:
        points: { type: object, additionalProperties: { $ref: "#/$defs/points" }, maxProperties: 2 }
        word: { enum: [a, b] }
        text: { type: [string, "null"], minLength: 2, maxLength: 3 }
        list: { items: { anyOf: [ { type: string }, { exclusiveMinimum: 0 } ] }, minItems: 1, maxItems: 2 }
        one: { const: 1 }
        exactly: { oneOf: [ { type: number }, { const: 7 } ] }
      """;

  private static Manifest.Output output(String schema) {
    String manifest =
        "key: k\nversion: \"1\"\nname: K\nimage: mock/k\noutput:\n  schema:\n" + schema.indent(4);
    return switch (ManifestReader.read(
        ManifestReader.fromYaml(manifest.getBytes(StandardCharsets.UTF_8)))) {
      case ManifestReading.Read(Manifest read) -> read.output();
      case ManifestReading.Refused refused -> throw new AssertionError(refused.sentence());
    };
  }

  private static Reply reply(String details, String schema) {
    return Exchange.read(
        Protocol.JSON_LINES,
        ("{\"outcome\":\"a\"" + details + "}").getBytes(StandardCharsets.UTF_8),
        output(schema));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"points\":{}}",
        "{\"points\":{\"a\":3,\"b\":0.0}}",
        "{\"points\":{},\"word\":\"b\",\"text\":null,\"list\":[\"\",1],\"one\":1.0,\"exactly\":8}",
        "{\"points\":{},\"text\":\"äöü\"}"
      })
  void details_that_fit_the_schema_are_taken(String details) {
    assertThat(reply(",\"details\":" + details, SCHEMA)).isInstanceOf(Reply.Good.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}|/required",
        "{\"points\":[]}|/properties/points/type",
        "{\"points\":{\"Kowalski\":4}}|/$defs/points/maximum",
        "{\"points\":{\"Kowalski\":\"Kowalski\"}}|/$defs/points/type",
        "{\"points\":{\"a\":1,\"b\":1,\"c\":1}}|/properties/points/maxProperties",
        "{\"points\":{},\"Kowalski\":1}|/additionalProperties",
        "{\"points\":{},\"word\":\"Kowalski\"}|/properties/word/enum",
        "{\"points\":{},\"text\":\"Kowalski\"}|/properties/text/maxLength",
        "{\"points\":{},\"list\":[0]}|/properties/list/items/anyOf",
        "{\"points\":{},\"list\":[]}|/properties/list/minItems",
        "{\"points\":{},\"one\":2}|/properties/one/const",
        "{\"points\":{},\"exactly\":7}|/properties/exactly/oneOf"
      })
  void details_that_break_it_are_refused_for_a_place_in_the_schema_and_nothing_of_the_reply(
      String details, String place) {
    assertThat(reply(",\"details\":" + details, SCHEMA))
        .isInstanceOfSatisfying(
            Reply.Bad.class,
            bad ->
                assertThat(bad.reason())
                    .contains("output.schema at " + place)
                    .doesNotContain(CANARY));
  }

  @Test
  void a_reply_without_details_has_an_empty_object() {
    assertThat(reply("", SCHEMA)).isInstanceOf(Reply.Bad.class);
    assertThat(reply(",\"details\":null", SCHEMA)).isInstanceOf(Reply.Bad.class);
    assertThat(reply("", "type: object")).isInstanceOf(Reply.Good.class);
  }

  @Test
  void more_values_than_the_check_can_bear_are_refused() {
    assertThat(reply(",\"details\":{\"a\":[" + values(9_998) + "]}", "type: object"))
        .isInstanceOf(Reply.Good.class);
    assertThat(reply(",\"details\":{\"a\":[" + values(9_999) + "]}", "type: object"))
        .isInstanceOf(Reply.Bad.class);
  }

  private static String values(int count) {
    return Stream.generate(() -> "1").limit(count).collect(Collectors.joining(","));
  }
}
