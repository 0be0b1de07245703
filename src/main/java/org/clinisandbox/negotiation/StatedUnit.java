package org.clinisandbox.negotiation;

import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.ObservationFact.Value.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * What a quantity says its unit is. A UCUM code counts; without one the text counts if it is a
 * known spelling. A code of another system, or of none, counts for nothing.
 */
sealed interface StatedUnit {
  /**
   * One in the table.
   *
   * @param code UCUM
   * @param written as the record has it: the code itself, or one of the known spellings
   */
  record Known(String code, String written) implements StatedUnit {}

  /** One that is not in the table; it may still be the very one that the model wants. */
  record Unlisted(String written) implements StatedUnit {}

  /** A code of which nobody says what it means. */
  record Untrusted() implements StatedUnit {}

  /** Its code says one thing and its text another. */
  record Contradictory() implements StatedUnit {}

  /** It says nothing. */
  record None() implements StatedUnit {}

  static StatedUnit of(Quantity quantity) {
    String code = quantity.code();
    String text = quantity.unit();
    String fromText = text == null ? null : UnitSpellings.codeOf(text);
    if (code != null && Coding.UCUM.equals(quantity.system())) {
      return ofUcum(code, fromText);
    }
    if (text != null) {
      return fromText != null ? new Known(fromText, text.strip()) : new Unlisted(text.strip());
    }
    return code == null ? new None() : new Untrusted();
  }

  private static StatedUnit ofUcum(String code, @Nullable String fromText) {
    String fromCode = UnitSpellings.codeOf(code);
    if (fromCode == null) {
      return new Unlisted(code);
    }
    return fromText == null || Units.same(fromCode, fromText)
        ? new Known(fromCode, code)
        : new Contradictory();
  }
}
