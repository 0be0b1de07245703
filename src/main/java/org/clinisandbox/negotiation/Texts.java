package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.clinisandbox.registry.Requirement;
import org.jspecify.annotations.Nullable;

/** How numbers, times and lists read in sentences. */
final class Texts {
  private Texts() {}

  /** "16 or more", "at most 79", "40 to 79". */
  static String range(Requirement.Range range) {
    BigDecimal low = range.low();
    BigDecimal high = range.high();
    if (low != null && high != null) {
      return low.toPlainString() + " to " + high.toPlainString();
    }
    if (low != null) {
      return low.toPlainString() + " or more";
    }
    return high != null ? "at most " + high.toPlainString() : "any number";
  }

  /** "24 h", "7 d" beyond two days; exact, in the biggest unit that is whole. */
  static String duration(Duration duration) {
    FhirDuration whole = FhirDuration.of(duration);
    return whole.value() + " " + whole.code();
  }

  /** "final", "final or amended", "amended, corrected or final". */
  static String or(List<String> words) {
    return list(words, "or");
  }

  /** The same with the word of another language. */
  static String list(List<String> words, String or) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " " + or + " " + words.get(last);
  }

  /** " in mg/dL", or nothing. */
  static String inUnit(@Nullable String unit) {
    return unit == null || unit.equals("1") || unit.startsWith("{") ? "" : " " + unit;
  }
}
