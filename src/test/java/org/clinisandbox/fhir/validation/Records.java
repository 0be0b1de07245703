package org.clinisandbox.fhir.validation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.clinisandbox.fhir.Json;
import tools.jackson.databind.JsonNode;

/** The synthetic records, as a stream of everything in them. */
final class Records {
  private Records() {}

  static Stream<JsonNode> nodes() {
    return roots().stream().flatMap(Records::below);
  }

  private static Stream<JsonNode> below(JsonNode node) {
    return Stream.concat(Stream.of(node), node.valueStream().flatMap(Records::below));
  }

  private static List<JsonNode> roots() {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/synthea"))) {
      return files.filter(path -> path.toString().endsWith(".json")).map(Records::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode read(Path path) {
    try {
      return Json.MAPPER.readTree(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The codes that stand beside a system. */
  static List<String> codes(String system) {
    return nodes()
        .filter(node -> node.path("system").asString("").equals(system))
        .map(node -> node.path("code").asString(""))
        .filter(code -> !code.isEmpty())
        .distinct()
        .toList();
  }
}
