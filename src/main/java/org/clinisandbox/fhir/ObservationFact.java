package org.clinisandbox.fhir;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Observation, or one component of one. A component has its own code and value; status, times
 * and subject are its Observation's.
 *
 * @param source where it stands, as {@code Observation/bp} or {@code Observation/bp.component[0]};
 *     the entry's place ({@code Bundle.entry[3].resource}) when the resource has no id
 * @param status FHIR's observation status, as written
 * @param codes every coding of its code
 * @param value what was observed
 * @param effective the instant that counts for "newest": a Period's end, or its start while open; a
 *     partial date's earliest instant in UTC; null when none is given
 * @param issued when it was made available; null when not given
 * @param subject whose it is
 */
public record ObservationFact(
    String source,
    String status,
    List<Coding> codes,
    Value value,
    @Nullable Instant effective,
    @Nullable Instant issued,
    Subject subject) {

  public ObservationFact {
    codes = List.copyOf(codes);
  }

  /** Whose an observation is, seen from the bundle's one patient. */
  public enum Subject {
    /** The bundle's patient. */
    PATIENT,
    /** Somebody or something else. */
    OTHER,
    /** It names no subject. */
    UNSTATED
  }

  /** What was observed: FHIR's value[x], or that there is none. */
  public sealed interface Value {
    /** A number; comparator, unit, system and code as written, null when not. */
    record Quantity(
        BigDecimal number,
        @Nullable String comparator,
        @Nullable String unit,
        @Nullable String system,
        @Nullable String code)
        implements Value {}

    /** A CodeableConcept. */
    record Coded(List<Coding> codings, @Nullable String text) implements Value {
      public Coded {
        codings = List.copyOf(codings);
      }
    }

    /** A string. */
    record Text(String text) implements Value {}

    /** A boolean. */
    record Truth(boolean truth) implements Value {}

    /** Any other value[x], by the name of its type, as {@code Ratio}. */
    record Other(String type) implements Value {}

    /** No value; the code of its data-absent-reason, or null when it gives none. */
    record Absent(@Nullable String reason) implements Value {}
  }
}
