package org.clinisandbox.fhir.path;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.clinisandbox.fhir.path.Meter.Stop;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/** One member of a collection. */
sealed interface Item permits Item.Node, Item.Bool, Item.Num, Item.Text, Item.Amount, Moment {
  /**
   * An element of the resource.
   *
   * @param json null for a primitive without a value
   * @param extra the underscored sibling of a primitive: its id and extensions
   * @param type its FHIR type, {@link Types#SOME_DATE}, or null where JSON does not tell
   */
  record Node(@Nullable JsonNode json, @Nullable JsonNode extra, @Nullable String type)
      implements Item {
    /** Where its children are; null when there are none. */
    @Nullable JsonNode children() {
      JsonNode of = json != null && json.isObject() ? json : extra;
      return of != null && of.isObject() ? of : null;
    }
  }

  record Bool(boolean value) implements Item {}

  /**
   * An Integer or a Decimal.
   *
   * @param whole an Integer rather than a Decimal
   */
  record Num(BigDecimal value, boolean whole) implements Item {
    private static final int DIGITS = 40;
    // Looked at first: counting the decimal digits of a huge number is slow.
    private static final int BITS = 133;
    private static final MathContext RESULT = new MathContext(34, RoundingMode.HALF_UP);

    /** A number as it was written. */
    static Num of(BigDecimal value) {
      if (value.unscaledValue().bitLength() > BITS || Math.abs((long) value.scale()) > DIGITS) {
        throw new Stop(Cause.NUMBER);
      }
      return new Num(value, value.scale() == 0 && fitsInteger(value));
    }

    /** A number of the resource. */
    static Num of(JsonNode json) {
      if (json instanceof NumericNode number && number.isNaN()) {
        throw new Stop(Cause.NUMBER);
      }
      return of(json.decimalValue());
    }

    static Num whole(long value) {
      return new Num(BigDecimal.valueOf(value), true);
    }

    /** A computed number, to 34 digits; null when it is too large. */
    static @Nullable Num result(BigDecimal exact, boolean whole) {
      BigDecimal value = exact.round(RESULT);
      if ((long) value.precision() - value.scale() > DIGITS) {
        return null;
      }
      if (value.scale() > DIGITS) {
        value = value.setScale(DIGITS, RoundingMode.HALF_UP);
      }
      return new Num(value, whole && fitsInteger(value));
    }

    static MathContext precision() {
      return RESULT;
    }

    private static boolean fitsInteger(BigDecimal value) {
      return value.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
    }
  }

  record Text(String value) implements Item {}

  /**
   * A Quantity.
   *
   * @param unit UCUM code, or {@code year} or {@code month} of the calendar
   */
  record Amount(BigDecimal value, String unit) implements Item {}
}
