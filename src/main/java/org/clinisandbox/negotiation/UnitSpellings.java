package org.clinisandbox.negotiation;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What records write instead of a UCUM code: docs/units.md has the rules. Blanks never count, and
 * whatever is a valid UCUM code keeps its meaning, but for {@code K/uL}: thousands, never kelvin,
 * for each microlitre.
 */
final class UnitSpellings {
  /** What an annotation alone amounts to: a number of something. */
  private static final String COUNT = "{#}";

  /** More is a sentence. */
  private static final int LONGEST = 40;

  private static final Pattern POWER_OF_TEN =
      Pattern.compile("^[xX]?10(?:\\^|\\*{1,2}|[eE]|[xX])(?=[0-9])");

  private static final Pattern MICRO = Pattern.compile("(?<![A-Za-z])mc(?=[glL]|mol)");
  private static final Pattern SMALL_LITRE = Pattern.compile("(?<=/[dcmunpfk]?)l(?=$|/)");
  private static final Pattern POWER_OF_METRE = Pattern.compile("(?<=m)\\^(?=[23])");

  /** Annotations that say more to a reader than the bare code; any other is dropped. */
  private static final Set<String> ANNOTATED =
      Set.of("{score}", "{beats}/min", "{breaths}/min", "mL/min/{1.73_m2}");

  private UnitSpellings() {}

  /** The unit of the table that a text stands for, as UCUM has it; null when there is none. */
  static @Nullable String ofText(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    String code = KnownSpellings.BY_SPELLING.get(text);
    if (code != null) {
      return code;
    }
    String simple = simplify(text);
    code = KnownSpellings.BY_TEXT.get(simple);
    return code != null ? code : ofSimple(simple);
  }

  /** The unit of the table that an alleged UCUM code stands for; null when there is none. */
  static @Nullable String ofCode(String code) {
    String known = KnownSpellings.BY_SPELLING.get(code);
    return known != null || code.length() > LONGEST ? known : ofSimple(simplify(code));
  }

  private static @Nullable String ofSimple(String simple) {
    String code = KnownSpellings.BY_SPELLING.get(simple);
    if (code != null || simple.indexOf('{') < 0) {
      return code;
    }
    if (ANNOTATED.contains(simple)) {
      return simple;
    }
    String bare = Units.bare(simple);
    return bare.equals("1") ? COUNT : KnownSpellings.BY_SPELLING.get(bare);
  }

  /** Without blanks, in ASCII, with powers and litres as UCUM writes them. */
  static String simplify(String text) {
    String simple =
        text.replaceAll("\\s+", "")
            .replace('µ', 'u')
            .replace('μ', 'u')
            .replace('º', '°')
            .replace('×', 'x')
            .replace("²", "^2")
            .replace("³", "^3")
            .replace("⁶", "^6")
            .replace("⁹", "^9")
            .replace("¹^2", "^12");
    simple = POWER_OF_TEN.matcher(simple).replaceFirst("10*");
    simple = MICRO.matcher(simple).replaceAll("u");
    simple = POWER_OF_METRE.matcher(simple).replaceAll("");
    return SMALL_LITRE.matcher(simple).replaceAll("L");
  }
}
