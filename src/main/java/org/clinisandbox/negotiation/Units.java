package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.clinisandbox.negotiation.UnitTable.Unit;
import org.jspecify.annotations.Nullable;

/** Conversion between units, exactly; docs/units.md lists them. */
final class Units {
  private static final Pattern ANNOTATION = Pattern.compile("\\{[^{}]*}");
  private static final Pattern DANGLING = Pattern.compile("[./]+$|^[.]+|[./]+(?=[./])");

  private Units() {}

  /** A code without its annotations, which carry no meaning in UCUM; "1" when nothing is left. */
  static String bare(String code) {
    if (code.indexOf('{') < 0) {
      return code;
    }
    String bare = DANGLING.matcher(ANNOTATION.matcher(code).replaceAll("")).replaceAll("");
    return bare.isEmpty() ? "1" : bare;
  }

  /** Whether a code, less its annotations, is in the table. */
  static boolean isKnown(String code) {
    return UnitTable.BY_CODE.containsKey(bare(code));
  }

  /** Whether two codes mean the same, as /min and {beats}/min do. */
  static boolean same(String one, String other) {
    if (one.equals(other) || bare(one).equals(bare(other))) {
      return true;
    }
    Unit left = UnitTable.BY_CODE.get(bare(one));
    Unit right = UnitTable.BY_CODE.get(bare(other));
    return left != null
        && right != null
        && left.dimension() == right.dimension()
        && left.offset().compareTo(right.offset()) == 0
        && left.factor().sameAs(right.factor());
  }

  /**
   * Converts a number. Units of the same meaning leave it as it is; otherwise the result is exact,
   * then rounded to 15 significant digits. A bare annotation, such as {score}, counts things: it is
   * the same as 1, but no percentage comes of it.
   *
   * @param analyte what is measured, where mass and amount must be turned into each other
   * @return null when it can't be done
   */
  static @Nullable BigDecimal convert(
      BigDecimal number, String from, String to, @Nullable Analyte analyte) {
    if (same(from, to)) {
      return number;
    }
    Unit source = UnitTable.BY_CODE.get(bare(from));
    Unit target = UnitTable.BY_CODE.get(bare(to));
    if (source == null || target == null || counts(from) || counts(to)) {
      return null;
    }
    Ratio bridge = bridge(source.dimension(), target.dimension(), analyte);
    return bridge == null ? null : convert(number, source, target, bridge);
  }

  /**
   * Converts between two units of the table, exactly and then rounded.
   *
   * @param bridge the factor between the bases of their dimensions
   */
  static BigDecimal convert(BigDecimal number, Unit source, Unit target, Ratio bridge) {
    return Ratio.of(number)
        .plus(source.offset())
        .times(source.factor())
        .times(bridge)
        .over(target.factor())
        .plus(target.offset().negate())
        .rounded();
  }

  private static boolean counts(String code) {
    return code.startsWith("{") && bare(code).equals("1");
  }

  private static @Nullable Ratio bridge(Dimension from, Dimension to, @Nullable Analyte analyte) {
    if (from == to) {
      return Ratio.ONE;
    }
    return analyte == null ? null : analyte.factor(from, to);
  }
}
