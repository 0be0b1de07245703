package org.clinisandbox.negotiation;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What records write instead of a UCUM code. A text is compared without blanks and case, with
 * powers of ten written as UCUM writes them. {@code K/uL} is thousands, never kelvin, for each
 * microlitre.
 */
final class UnitSpellings {
  private static final Pattern POWER_OF_TEN = Pattern.compile("^x?10(?:\\^|\\*{1,2}|e|x)(?=[0-9])");

  private static final Map<String, String> BY_SPELLING = new HashMap<>();

  static {
    UnitTable.BY_CODE.keySet().forEach(code -> BY_SPELLING.put(simplify(code), code));
    BY_SPELLING.putAll(
        Map.ofEntries(
            entry("c", "Cel"),
            entry("°c", "Cel"),
            entry("℃", "Cel"),
            entry("degc", "Cel"),
            entry("celsius", "Cel"),
            entry("degreescelsius", "Cel"),
            entry("degreesc", "Cel"),
            entry("degreesf", "[degF]"),
            entry("f", "[degF]"),
            entry("°f", "[degF]"),
            entry("℉", "[degF]"),
            entry("degf", "[degF]"),
            entry("fahrenheit", "[degF]"),
            entry("degreesfahrenheit", "[degF]"),
            entry("bpm", "/min"),
            entry("beats/min", "/min"),
            entry("beats/minute", "/min"),
            entry("breaths/min", "/min"),
            entry("breaths/minute", "/min"),
            entry("/minute", "/min"),
            entry("1/min", "/min"),
            entry("perminute", "/min"),
            entry("mmhg", "mm[Hg]"),
            entry("cmh2o", "cm[H2O]"),
            entry("percent", "%"),
            entry("pct", "%"),
            entry("lpm", "L/min"),
            entry("liters/min", "L/min"),
            entry("litres/min", "L/min"),
            entry("gm/dl", "g/dL"),
            entry("mg%", "mg/dL"),
            entry("mcg/ml", "ug/mL"),
            entry("mcg/dl", "ug/dL"),
            entry("mcg/l", "ug/L"),
            entry("iu/l", "[IU]/L"),
            entry("units/l", "U/L"),
            entry("k/ul", "10*3/uL"),
            entry("k/mm3", "10*3/uL"),
            entry("k/mm^3", "10*3/uL"),
            entry("k/cumm", "10*3/uL"),
            entry("thou/ul", "10*3/uL"),
            entry("thousand/ul", "10*3/uL"),
            entry("10*3/mm^3", "10*3/uL"),
            entry("m/ul", "10*6/uL"),
            entry("mil/ul", "10*6/uL"),
            entry("million/ul", "10*6/uL"),
            entry("m/mm3", "10*6/uL"),
            entry("cells/ul", "/uL"),
            entry("cells/mm3", "/uL"),
            entry("/mm^3", "/uL"),
            entry("/cumm", "/uL"),
            entry("mg/gcreat", "mg/g"),
            entry("mg/gcreatinine", "mg/g"),
            entry("mcg/mg", "ug/mg"),
            entry("mcg/mgcreat", "ug/mg"),
            entry("ug/mgcreat", "ug/mg"),
            entry("ml/min/1.73m2", "mL/min/{1.73_m2}"),
            entry("ml/min/1.73m^2", "mL/min/{1.73_m2}"),
            entry("ml/min/1.73sqm", "mL/min/{1.73_m2}"),
            entry("kgs", "kg"),
            entry("lb", "[lb_av]"),
            entry("lbs", "[lb_av]"),
            entry("pounds", "[lb_av]"),
            entry("oz", "[oz_av]"),
            entry("in", "[in_i]"),
            entry("inch", "[in_i]"),
            entry("inches", "[in_i]"),
            entry("ft", "[ft_i]"),
            entry("kg/m^2", "kg/m2")));
  }

  private UnitSpellings() {}

  /** The UCUM code that a text stands for: it is one in the table, or a known spelling of one. */
  static @Nullable String codeOf(String text) {
    if (text.length() > 40) {
      return null;
    }
    String code = text.strip();
    if (Units.isKnown(code)) {
      return code;
    }
    return BY_SPELLING.get(simplify(code));
  }

  private static String simplify(String text) {
    String simple =
        text.replaceAll("\\s+", "")
            .toLowerCase(Locale.ROOT)
            .replace('µ', 'u')
            .replace('μ', 'u')
            .replace('º', '°')
            .replace('×', 'x')
            .replace("²", "^2")
            .replace("³", "^3")
            .replace("⁶", "^6")
            .replace("⁹", "^9")
            .replace("¹^2", "^12");
    return POWER_OF_TEN.matcher(simple).replaceFirst("10*");
  }
}
