package org.clinisandbox.sandbox;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model is asked. It holds PHI: the inputs.
 *
 * @param key the model's
 * @param version the model's
 * @param seed the only randomness a model gets
 * @param now the only clock a model gets
 * @param settings the operator's choices by name, in the manifest's order
 * @param inputs by name, in the manifest's order
 */
public record ModelRequest(
    String key,
    String version,
    String seed,
    Instant now,
    Map<String, String> settings,
    Map<String, ModelInput> inputs) {
  public ModelRequest {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
  }

  /** Without the inputs, which are PHI. */
  @Override
  public String toString() {
    return "ModelRequest[" + key + " " + version + ", " + inputs.size() + " inputs]";
  }
}
