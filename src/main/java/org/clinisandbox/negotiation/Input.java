package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value that a model is given.
 *
 * @param unit UCUM; null for a word, and for a number whose unit is not known and not asked for
 * @param code the requirement's code; null for a fact of the patient
 * @param source where it stood in the bundle, as {@code Observation/bp.component[0]}, or {@link
 *     #ASSUMED}
 * @param effective when it held; null when not stated, and for facts of the patient
 * @param expires when it will be too old for the requirement; null when never
 * @param convertedFrom the number and unit as recorded, when the unit was another or was spelled
 *     otherwise, as {@code 103 [degF]}
 * @param earlier the rest of a series, newest first; empty for a single value
 */
public record Input(
    String name,
    Value value,
    @Nullable String unit,
    @Nullable String code,
    String source,
    @Nullable Instant effective,
    @Nullable Instant expires,
    @Nullable String convertedFrom,
    List<Input> earlier) {
  /** The source of a default. */
  public static final String ASSUMED = "assumed";

  public Input {
    earlier = List.copyOf(earlier);
  }

  /** The same as the newest of a series, which expires with its oldest. */
  Input withEarlier(List<Input> older, @Nullable Instant oldestExpires) {
    return new Input(
        name, value, unit, code, source, effective, oldestExpires, convertedFrom, older);
  }

  /** The same from another place. */
  Input withSource(String place) {
    return new Input(name, value, unit, code, place, effective, expires, convertedFrom, earlier);
  }

  /** What nothing in the bundle says, but the manifest. */
  static Input assumed(String name, Value value, @Nullable String unit, @Nullable String code) {
    return new Input(name, value, unit, code, ASSUMED, null, null, null, List.of());
  }

  /** A number, the word of a coded answer, or whether something is so. */
  public sealed interface Value {
    record Numeric(BigDecimal number) implements Value {}

    record Word(String word) implements Value {}

    record Truth(boolean truth) implements Value {}
  }
}
