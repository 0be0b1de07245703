package org.clinisandbox.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What docs/models.md shows and names is what the reader takes. */
class ManifestDocsTest {
  private static final Path DOCS = Path.of("docs", "models.md");
  private static final Pattern YAML_BLOCK = Pattern.compile("(?s)```yaml\\n(.*?)```");
  private static final Map<String, String> HEAD =
      Map.of("key", "shown", "version", "1.0.0", "name", "Shown", "image", "wasm:shown.wasm");

  private static List<ObjectNode> examples() throws IOException {
    return YAML_BLOCK
        .matcher(Files.readString(DOCS))
        .results()
        .map(ManifestDocsTest::completed)
        .toList();
  }

  private static ObjectNode completed(MatchResult block) {
    JsonNode shown = ManifestReader.fromYaml(block.group(1).getBytes(StandardCharsets.UTF_8));
    ObjectNode document = (ObjectNode) shown;
    HEAD.forEach(
        (key, value) -> {
          if (!document.has(key)) {
            document.put(key, value);
          }
        });
    return document;
  }

  @Test
  void every_example_is_a_manifest() throws IOException {
    assertThat(examples())
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(
            example -> {
              assertThat(ManifestReader.read(example)).isInstanceOf(ManifestReading.Read.class);
              assertThat(PublishedSchema.errors(example)).isEmpty();
            });
  }

  @Test
  void every_key_of_a_manifest_is_named() throws IOException {
    String docs = Files.readString(DOCS);
    Set<String> keys = new TreeSet<>();
    PublishedSchema.levels(ManifestSchemaTest.everyKey())
        .values()
        .forEach(schema -> keys.addAll(schema.path("properties").propertyNames()));

    assertThat(keys).hasSizeGreaterThan(70).contains("any_of", "maxProperties", "max_age");
    assertThat(keys).filteredOn(key -> !docs.contains(key)).isEmpty();
  }
}
