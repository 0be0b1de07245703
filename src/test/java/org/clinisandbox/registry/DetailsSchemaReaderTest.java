package org.clinisandbox.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class DetailsSchemaReaderTest {
  private static List<String> places(String schema) {
    JsonNode document =
        JsonMapper.shared()
            .readTree(
                "{\"key\":\"k\",\"version\":\"1\",\"name\":\"K\",\"image\":\"mock/k\",\"output\":{\"schema\":"
                    + schema
                    + "}}");
    return switch (ManifestReader.read(document)) {
      case ManifestReading.Read(Manifest manifest) -> {
        assertThat(manifest.output().schema()).isEqualTo(JsonMapper.shared().readTree(schema));
        assertThat(PublishedSchema.errorsOfSchema(JsonMapper.shared().readTree(schema))).isEmpty();
        yield List.of();
      }
      case ManifestReading.Refused(var mistakes) -> mistakes.stream().map(Mistake::path).toList();
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"const\":null}",
        "{\"enum\":[null]}",
        "{\"properties\":{\"a b\":true,\"c\":false}}",
        "{\"maxItems\":2.0}",
        "{\"$defs\":{\"a\":{\"type\":\"object\"}},\"$ref\":\"#/$defs/a\"}",
        "{\"$defs\":{\"a\":true,\"b\":{\"$ref\":\"#/$defs/a\"}},\"anyOf\":[{\"$ref\":\"#/$defs/b\"},{\"$ref\":\"#/$defs/b\"}]}"
      })
  void a_schema_of_the_known_keywords_is_kept_as_it_stands(String schema) {
    assertThat(places(schema)).isEmpty();
  }

  @Test
  void what_may_not_be_referred_to_is_named() {
    assertThat(places("{\"items\":{\"$ref\":\"#/$defs/a\"}}"))
        .containsExactly("output.schema.items.$ref");
    assertThat(places("{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}"))
        .containsExactly("output.schema.$ref");
    assertThat(places("{\"$ref\":\"#\"}")).containsExactly("output.schema.$ref");
    assertThat(places("{\"$dynamicRef\":\"#a\"}")).containsExactly("output.schema.$dynamicRef");
  }

  @Test
  void a_schema_that_leads_back_to_itself_is_refused() {
    assertThat(places("{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/a\"}}}"))
        .containsExactly("output.schema.$defs.a.$ref");
    assertThat(
            places(
                "{\"$defs\":{\"a\":{\"items\":{\"$ref\":\"#/$defs/b\"}},"
                    + "\"b\":{\"properties\":{\"c\":{\"$ref\":\"#/$defs/a\"}}}}}"))
        .containsExactly("output.schema.$defs.b.properties.c.$ref");
  }

  @Test
  void a_schema_that_its_references_multiply_is_refused() {
    assertThat(places(doubling(5))).isEmpty();
    assertThat(places(doubling(6))).containsExactly("output.schema");
    assertThat(places(doubling(100))).containsExactly("output.schema");
  }

  /** Two to the power of so many leaves, with each reference written out. */
  private static String doubling(int times) {
    String definitions =
        IntStream.range(0, times)
            .mapToObj(
                i ->
                    "\"d"
                        + i
                        + "\":{\"allOf\":[{\"$ref\":\"#/$defs/d"
                        + (i + 1)
                        + "\"},{\"$ref\":\"#/$defs/d"
                        + (i + 1)
                        + "\"}]}")
            .collect(Collectors.joining(","));
    return "{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + definitions + ",\"d" + times + "\":true}}";
  }

  @Test
  void size_and_depth_are_bounded() {
    assertThat(places("{\"title\":\"" + "a".repeat((16 << 10) - 12) + "\"}")).isEmpty();
    assertThat(places("{\"title\":\"" + "a".repeat((16 << 10) - 11) + "\"}"))
        .containsExactly("output.schema");
    assertThat(places(nested(16))).isEmpty();
    assertThat(places(nested(17))).containsExactly("output.schema");
  }

  private static String nested(int levels) {
    return Stream.iterate("{}", inner -> "{\"items\":" + inner + "}")
        .skip(levels - 1L)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type",
        "title",
        "enum",
        "properties",
        "items",
        "required",
        "minimum",
        "maxItems",
        "additionalProperties",
        "anyOf",
        "$ref"
      })
  void a_keyword_without_a_value_is_a_mistake_and_not_absent(String keyword) {
    assertThat(places(JsonNodeFactory.instance.objectNode().putNull(keyword).toString()))
        .containsExactly("output.schema." + keyword);
  }

  @Test
  void a_propertys_name_is_short_plain_text_and_has_a_schema() {
    assertThat(places("{\"properties\":{\"a\\nb\":true}}"))
        .containsExactly("output.schema.properties.a\nb");
    assertThat(places("{\"properties\":{\"a\":null}}"))
        .containsExactly("output.schema.properties.a");
    assertThat(places("{\"required\":[\"" + "a".repeat(65) + "\"]}"))
        .containsExactly("output.schema.required[0]");
  }
}
