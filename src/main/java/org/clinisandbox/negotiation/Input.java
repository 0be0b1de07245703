package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import java.time.Instant;
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
 */
public record Input(
    String name,
    Value value,
    @Nullable String unit,
    @Nullable String code,
    String source,
    @Nullable Instant effective,
    @Nullable Instant expires,
    @Nullable String convertedFrom) {
  /** The source of a default. */
  public static final String ASSUMED = "assumed";

  /** A number, or the word of a coded answer. */
  public sealed interface Value {
    record Numeric(BigDecimal number) implements Value {}

    record Word(String word) implements Value {}
  }
}
