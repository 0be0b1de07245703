package org.clinisandbox.worker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clinisandbox.sandbox.ModelInput;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** From a job's recorded inputs to what a model is handed: name, value, unit and time, no more. */
final class InputJson {
  private InputJson() {}

  static Map<String, ModelInput> modelInputs(JsonNode inputs) {
    Map<String, ModelInput> handed = new LinkedHashMap<>();
    for (JsonNode input : inputs) {
      handed.put(input.path("name").stringValue(), modelInput(input));
    }
    return handed;
  }

  private static ModelInput modelInput(JsonNode input) {
    JsonNode value = input.path("value");
    if (input.has("earlier")) {
      List<ModelInput.Quantity> series = new ArrayList<>();
      series.add(quantity(input));
      input.path("earlier").forEach(older -> series.add(quantity(older)));
      return new ModelInput.Series(series);
    }
    if (value.isNumber()) {
      return quantity(input);
    }
    Instant effective = time(input, "effective");
    return value.isBoolean()
        ? new ModelInput.Truth(value.booleanValue(), effective)
        : new ModelInput.Word(value.stringValue(), effective);
  }

  private static ModelInput.Quantity quantity(JsonNode input) {
    return new ModelInput.Quantity(
        input.path("value").decimalValue(),
        input.path("unit").asString(null),
        time(input, "effective"));
  }

  /** Whether any of the inputs has become too old for its requirement. */
  static boolean anyExpired(JsonNode inputs, Instant now) {
    for (JsonNode input : inputs) {
      Instant expires = time(input, "expires");
      if (expires != null && expires.isBefore(now)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Instant time(JsonNode input, String name) {
    JsonNode time = input.path(name);
    return time.isString() ? Instant.parse(time.stringValue()) : null;
  }
}
