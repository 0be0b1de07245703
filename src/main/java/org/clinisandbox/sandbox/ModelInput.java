package org.clinisandbox.sandbox;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
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

  /** Whether something is so: that the patient has a condition, or takes a medicine. */
  record Truth(boolean value, @Nullable Instant effective) implements ModelInput {}

  /**
   * A history of one number.
   *
   * @param newestFirst at least one value; the first stands for the whole
   */
  record Series(List<Quantity> newestFirst) implements ModelInput {
    public Series {
      newestFirst = List.copyOf(newestFirst);
      if (newestFirst.isEmpty()) {
        throw new IllegalArgumentException("A series has at least one value.");
      }
    }

    @Override
    public @Nullable Instant effective() {
      return newestFirst.getFirst().effective();
    }
  }
}
