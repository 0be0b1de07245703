package org.clinisandbox.fhir.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.clinisandbox.fhir.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The small valid bundles that are mutated. */
final class Bases {
  /** Of the JSON; larger ones would make most changes fall into one long list. */
  private static final int LARGEST = 12_000;

  private Bases() {}

  static List<List<Example>> all() {
    List<Example> records = Corpus.records();
    return List.of(records.stream().filter(Bases::isSmall).toList(), entries(records), hl7());
  }

  /** HL7's examples that HAPI accepts. */
  private static List<Example> hl7() {
    Set<String> rejected = rejected();
    return Corpus.specification().stream()
        .filter(Bases::isSmall)
        .filter(example -> !rejected.contains(example.name()))
        .toList();
  }

  /** Single entries of the records, at most some of each type, that refer to nothing inside. */
  private static List<Example> entries(List<Example> records) {
    Map<String, Integer> ofType = new HashMap<>();
    List<Example> entries = new ArrayList<>();
    for (Example record : records) {
      JsonNode bundle = record.bundle();
      Map<String, String> names = new HashMap<>();
      for (JsonNode entry : bundle.path("entry").values()) {
        String type = entry.path("resource").path("resourceType").asString("");
        names.put(
            entry.path("fullUrl").asString(""),
            type + "/" + entry.path("resource").path("id").asString("1"));
      }
      for (JsonNode entry : bundle.path("entry").values()) {
        String type = entry.path("resource").path("resourceType").asString("");
        boolean isSynthea = record.name().contains("entries");
        if (isSynthea && ofType.merge(type, 1, Integer::sum) <= 30) {
          String name = record.name() + "/" + type + "-" + ofType.get(type);
          JsonNode free = Objects.requireNonNull(freed(entry.path("resource"), names));
          String text = Json.MAPPER.writeValueAsString(free);
          Example example = new Example(name, null, () -> Corpus.wrapped(Corpus.read(text), name));
          if (isSmall(example)) {
            entries.add(example);
          }
        }
      }
    }
    return entries;
  }

  /** A copy whose references inside the record are to a server instead. */
  private static @Nullable JsonNode freed(JsonNode node, Map<String, String> names) {
    if (node.isObject()) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      node.properties().forEach(p -> copy.set(p.getKey(), freed(p.getValue(), names)));
      return copy;
    }
    if (node.isArray()) {
      var copy = JsonNodeFactory.instance.arrayNode();
      node.values().forEach(element -> copy.add(freed(element, names)));
      return copy;
    }
    String name = node.isString() ? names.get(node.stringValue()) : null;
    return name == null ? node : JsonNodeFactory.instance.stringNode(name);
  }

  private static boolean isSmall(Example example) {
    return example.bundle().toString().length() <= LARGEST;
  }

  /** The names of the examples that HAPI was seen to reject. */
  static Set<String> rejected() {
    try (InputStream in = Bases.class.getResourceAsStream("hl7-examples-rejected.txt")) {
      if (in == null) {
        return Set.of();
      }
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t", 2)[0])
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
