package org.clinisandbox.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The published schema and the reader know the same manifest. */
class ManifestSchemaTest {
  private static final JsonNode WRONG_EVERYWHERE = JsonMapper.shared().readTree("[[]]");

  /** Levels whose keys a vendor chooses; the schema names some of them for editors. */
  private static final Set<String> OF_FREE_KEYS = Set.of("card");

  static JsonNode everyKey() {
    try (var file = ManifestSchemaTest.class.getResourceAsStream("every-key.yaml")) {
      return ManifestReader.fromYaml(file.readAllBytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> mistakenPlaces(JsonNode document) {
    return switch (ManifestReader.read(document)) {
      case ManifestReading.Read read -> List.of();
      case ManifestReading.Refused(var mistakes) -> mistakes.stream().map(Mistake::path).toList();
    };
  }

  static Stream<Path> samples() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("models"))) {
      return folders
          .map(folder -> folder.resolve("manifest.yaml"))
          .filter(Files::exists)
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void every_sample_is_valid_by_both(Path file) throws IOException {
    JsonNode document = ManifestReader.fromYaml(Files.readAllBytes(file));

    assertThat(PublishedSchema.errors(document)).isEmpty();
    assertThat(mistakenPlaces(document)).isEmpty();
  }

  @Test
  void a_manifest_with_every_key_is_valid_by_both() {
    assertThat(PublishedSchema.errors(everyKey())).isEmpty();
    assertThat(ManifestReader.read(everyKey())).isInstanceOf(ManifestReading.Read.class);
  }

  @Test
  void it_is_a_schema_itself() {
    assertThat(PublishedSchema.errorsOfSchema(PublishedSchema.TEXT)).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvFileSource(resources = "mutations.txt", delimiter = '|', quoteCharacter = '~')
  void what_one_refuses_the_other_refuses_and_the_reader_names_the_place(
      String place, String value) {
    JsonNode document = everyKey();
    mutate(document, place, value);

    assertThat(PublishedSchema.errors(document)).isNotEmpty();
    assertThat(mistakenPlaces(document)).contains(place);
  }

  private static void mutate(JsonNode document, String place, String value) {
    List<String> steps = steps(place);
    JsonNode parent = document;
    for (String step : steps.subList(0, steps.size() - 1)) {
      parent = parent.isArray() ? parent.get(Integer.parseInt(step)) : parent.get(step);
    }
    String last = steps.getLast();
    if (parent instanceof ArrayNode array) {
      int index = Integer.parseInt(last);
      if (index == array.size()) {
        array.add(yaml(value));
      } else {
        array.set(index, yaml(value));
      }
    } else if (value.equals("(gone)")) {
      assertThat(((ObjectNode) parent).remove(last)).isNotNull();
    } else {
      ((ObjectNode) parent).set(last, yaml(value));
    }
  }

  private static JsonNode yaml(String text) {
    return ManifestReader.fromYaml(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static List<String> steps(String place) {
    return List.of(place.replace("]", "").split("[.\\[]"));
  }

  @Test
  void both_know_the_same_keys_at_every_level() {
    Map<String, Set<String>> bySchema = new TreeMap<>();
    PublishedSchema.levels(everyKey())
        .forEach((level, schema) -> bySchema.put(level, keys(schema)));
    Map<String, Set<String>> byReader = AskedNode.ofReading(everyKey());
    byReader.keySet().retainAll(bySchema.keySet());
    OF_FREE_KEYS.forEach(bySchema::remove);
    OF_FREE_KEYS.forEach(byReader::remove);

    assertThat(bySchema).hasSizeGreaterThan(30);
    assertThat(byReader).isEqualTo(bySchema);
  }

  private static Set<String> keys(JsonNode schema) {
    return new TreeSet<>(schema.path("properties").propertyNames());
  }

  /** Every key of every level, with a value that is right nowhere. */
  static Stream<String> everyPlace() {
    List<String> places = new ArrayList<>();
    PublishedSchema.levels(everyKey())
        .forEach((level, schema) -> keys(schema).forEach(key -> places.add(at(level, key))));
    return places.stream().filter(place -> !place.matches(".*[.](const|enum)"));
  }

  private static String at(String level, String key) {
    return level.isEmpty() ? key : level + "." + key;
  }

  @Test
  void every_key_with_a_value_of_a_wrong_type_is_refused_by_both_for_that_value() {
    assertThat(everyPlace())
        .hasSizeGreaterThan(200)
        .allSatisfy(
            place -> {
              String level = place.contains(".") ? place.replaceFirst("[.][^.]*$", "") : "";
              JsonNode document = everyKey();
              for (ObjectNode parent : objects(document, level)) {
                parent.set(place.substring(place.lastIndexOf('.') + 1), WRONG_EVERYWHERE);
              }

              assertThat(PublishedSchema.errors(document)).isNotEmpty();
              assertThat(ManifestReader.read(document))
                  .isInstanceOfSatisfying(
                      ManifestReading.Refused.class,
                      refused ->
                          assertThat(refused.mistakes())
                              .filteredOn(
                                  mistake ->
                                      mistake.path().replaceAll("\\[[0-9]+]", "[]").equals(place)
                                          || mistake
                                              .path()
                                              .replaceAll("\\[[0-9]+]", "[]")
                                              .equals(place + "[]"))
                              .isNotEmpty()
                              .noneSatisfy(
                                  mistake ->
                                      assertThat(mistake.message()).contains("is not a key")));
            });
  }

  /** The objects of one level of a document. */
  private static List<ObjectNode> objects(JsonNode document, String level) {
    List<JsonNode> nodes = List.of(document);
    for (String step : level.isEmpty() ? List.<String>of() : List.of(level.split("[.]"))) {
      String key = step.replace("[]", "");
      nodes =
          nodes.stream()
              .map(node -> node.path(key))
              .flatMap(node -> step.endsWith("[]") ? node.values().stream() : Stream.of(node))
              .toList();
    }
    return nodes.stream().filter(JsonNode::isObject).map(ObjectNode.class::cast).toList();
  }

  @Test
  void every_key_has_a_title_for_editors() {
    List<String> untitled = new ArrayList<>();
    PublishedSchema.levels(everyKey())
        .forEach(
            (level, schema) ->
                schema.path("properties").properties().stream()
                    .filter(property -> !PublishedSchema.isTitled(property.getValue()))
                    .forEach(property -> untitled.add(at(level, property.getKey()))));

    assertThat(untitled).isEmpty();
  }
}
