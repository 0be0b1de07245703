package org.clinisandbox.fhir.differential;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A bundle to judge.
 *
 * @param name tells it from all others, the same in each run
 * @param edit what was changed in it; null when it is as it came
 * @param source reads or makes it
 */
record Example(String name, @Nullable Edit edit, Supplier<JsonNode> source) {
  /**
   * A change of one place.
   *
   * @param kind which sort of change
   * @param path JSON pointer
   */
  record Edit(String kind, String path) {}

  JsonNode bundle() {
    return source.get();
  }
}
