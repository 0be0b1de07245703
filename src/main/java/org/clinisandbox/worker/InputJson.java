package org.clinisandbox.worker;

import java.time.Instant;
import java.util.LinkedHashMap;
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
      JsonNode value = input.path("value");
      Instant effective = effective(input);
      handed.put(
          input.path("name").stringValue(),
          value.isNumber()
              ? new ModelInput.Quantity(
                  value.decimalValue(), input.path("unit").asString(null), effective)
              : new ModelInput.Word(value.stringValue(), effective));
    }
    return handed;
  }

  private static @Nullable Instant effective(JsonNode input) {
    JsonNode time = input.path("effective");
    return time.isString() ? Instant.parse(time.stringValue()) : null;
  }
}
