package org.clinisandbox.fhir.path;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.clinisandbox.fhir.Json;
import tools.jackson.databind.JsonNode;

/** Compiles and evaluates rules for tests. */
final class Rules {
  static final Instant NOW = Instant.parse("2026-02-03T04:05:06.789Z");

  /** So long that it is never the clock that ends an evaluation. */
  static final Budget NO_CLOCK = new Budget(1_000_000, 100_000, 65_536, Duration.ofDays(1));

  private Rules() {}

  static JsonNode json(String text) {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }

  static JsonNode file(String path) {
    try {
      String text = Files.readString(Path.of(path));
      JsonNode json =
          Json.MAPPER.readTree(
              text.replaceAll("@NOW(-\\d+[smhd])?@", NOW.toString())
                  .replaceAll("@TODAY(-\\d+[a-z])?@", "1960-02-03"));
      return json.path("fhir_bundle").isObject() ? json.get("fhir_bundle") : json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FhirPath compiled(String expression) {
    try {
      return FhirPath.compile(expression);
    } catch (FhirPathException e) {
      throw new AssertionError(expression + ": " + e.getMessage(), e);
    }
  }

  static Truth evaluate(String expression, JsonNode resource) {
    return compiled(expression).evaluate(resource, Map.of(), NOW, NO_CLOCK);
  }

  /** TRUE, FALSE, EMPTY or the cause of failure. */
  static String outcome(Truth truth) {
    return switch (truth) {
      case Truth.Answer answer -> answer.name();
      case Truth.Failed failed -> failed.cause().name();
    };
  }
}
