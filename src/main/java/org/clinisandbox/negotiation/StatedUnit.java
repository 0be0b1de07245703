package org.clinisandbox.negotiation;

import java.util.Set;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.ObservationFact.Value.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * What a quantity says its unit is. A UCUM code counts; without one the text counts if it is a
 * known spelling. A code of another system counts for nothing; one without a system only if it
 * contradicts the text.
 */
sealed interface StatedUnit {
  /** How records name UCUM: by its address, that with a slip, and its HL7 number. */
  Set<String> UCUM_NAMES =
      Set.of(
          Coding.UCUM,
          Coding.UCUM + "/",
          "https://unitsofmeasure.org",
          "urn:oid:2.16.840.1.113883.6.8");

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
    String system = quantity.system();
    String fromText = text == null ? null : UnitSpellings.ofText(text);
    if (code != null && system != null && UCUM_NAMES.contains(system)) {
      return ofUcum(code, fromText);
    }
    if (text == null) {
      return code == null ? new None() : new Untrusted();
    }
    if (fromText == null) {
      return new Unlisted(text.strip());
    }
    String fromCode = code == null || system != null ? null : UnitSpellings.ofCode(code);
    return fromCode == null || Units.same(fromCode, fromText)
        ? new Known(fromText, text.strip())
        : new Contradictory();
  }

  private static StatedUnit ofUcum(String code, @Nullable String fromText) {
    String fromCode = UnitSpellings.ofCode(code);
    if (fromCode == null) {
      return new Unlisted(code);
    }
    return fromText == null || Units.same(fromCode, fromText)
        ? new Known(fromCode, code)
        : new Contradictory();
  }
}
