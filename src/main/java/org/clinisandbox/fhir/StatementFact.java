package org.clinisandbox.fhir;

import java.time.Instant;
import java.util.List;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.jspecify.annotations.Nullable;

/**
 * What a record says to be so, or not so, of a patient: a Condition, a MedicationStatement or a
 * MedicationRequest.
 *
 * @param source where it stands, as {@code Condition/c1}; the entry's place when it has no id
 * @param codes every coding of the condition, or of the medication
 * @param standing whether it holds now
 * @param effective since when it is said to be so: recorded, asserted, authored, or the start of
 *     the time it is for; null when nothing of that is given
 * @param subject whose it is
 */
public record StatementFact(
    Kind kind,
    String source,
    List<Coding> codes,
    Standing standing,
    @Nullable Instant effective,
    Subject subject) {

  public StatementFact {
    codes = List.copyOf(codes);
  }

  /** What is stated. */
  public enum Kind {
    CONDITION,
    MEDICATION
  }

  /** Whether a statement holds. */
  public enum Standing {
    /** It is so now. */
    HOLDS,
    /** It was so once. */
    PAST,
    /** Nobody is sure: unconfirmed, differential, planned, on hold. */
    UNSURE,
    /** It is not so: refuted, not taken. */
    DENIED,
    /** It was entered in error. */
    VOID
  }
}
