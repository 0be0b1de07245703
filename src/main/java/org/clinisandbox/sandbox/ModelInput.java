package org.clinisandbox.sandbox;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One input, as it is handed to a model. */
public sealed interface ModelInput {
  /** When it was measured; null when it has no time of its own. */
  @Nullable Instant effective();

  /**
   * A number.
   *
   * @param unit UCUM; null when the manifest asks for none and the value has none
   */
  record Quantity(BigDecimal value, @Nullable String unit, @Nullable Instant effective)
      implements ModelInput {}

  /** A word. */
  record Word(String value, @Nullable Instant effective) implements ModelInput {}
}
