package org.clinisandbox.fhir.path;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.clinisandbox.fhir.path.Item.Amount;
import org.clinisandbox.fhir.path.Item.Bool;
import org.clinisandbox.fhir.path.Item.Node;
import org.clinisandbox.fhir.path.Item.Num;
import org.clinisandbox.fhir.path.Item.Text;
import org.clinisandbox.fhir.path.Meter.Stop;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.jspecify.annotations.Nullable;

/** The functions that convert values and compute with one number. Null means empty. */
final class Numbers {
  private static final int SQRT_STEPS = 50;
  private static final int MAX_SCALE = 40;

  private final Meter meter;
  private final Texts texts;

  Numbers(Meter meter, Texts texts) {
    this.meter = meter;
    this.texts = texts;
  }

  @Nullable Item converted(Function to, Item value) {
    String text = value instanceof Node ? null : texts.plain(value);
    if (text == null) {
      return null;
    }
    return switch (to) {
      case TO_STRING -> new Text(text);
      case TO_BOOLEAN -> value instanceof Bool ? value : Texts.toBoolean(text);
      case TO_INTEGER ->
          value instanceof Bool b ? Num.whole(b.value() ? 1 : 0) : integer(value, text);
      default ->
          value instanceof Bool b ? decimal(b.value() ? "1.0" : "0.0") : decimal(value, text);
    };
  }

  private static @Nullable Num integer(Item value, String text) {
    Num number = value instanceof Num n ? n : value instanceof Text ? Texts.toNumber(text) : null;
    return number != null && number.whole() ? number : null;
  }

  private static @Nullable Num decimal(Item value, String text) {
    return (value instanceof Text || value instanceof Num) ? decimal(text) : null;
  }

  private static @Nullable Num decimal(String text) {
    Num number = Texts.toNumber(text);
    return number == null ? null : new Num(number.value(), false);
  }

  /**
   * A function of one number.
   *
   * @param scale digits to round to
   */
  @Nullable Item computed(Function function, Item value, int scale) {
    if (function == Function.ABS && Equality.isAmount(value) && !(value instanceof Num)) {
      Amount amount = Tree.amount(value);
      return amount == null ? null : new Amount(amount.value().abs(), amount.unit());
    }
    if (!(value instanceof Num number)) {
      throw new Stop(Cause.TYPE);
    }
    BigDecimal n = number.value();
    return switch (function) {
      case ABS -> new Num(n.abs(), number.whole());
      case CEILING -> Num.result(n.setScale(0, RoundingMode.CEILING), true);
      case FLOOR -> Num.result(n.setScale(0, RoundingMode.FLOOR), true);
      case SQRT -> {
        meter.steps(SQRT_STEPS);
        yield n.signum() < 0 ? null : Num.result(n.sqrt(Num.precision()), false);
      }
      default -> rounded(n, scale);
    };
  }

  private static @Nullable Num rounded(BigDecimal value, int scale) {
    if (scale < 0 || scale > MAX_SCALE) {
      throw new Stop(Cause.NUMBER);
    }
    return Num.result(value.setScale(scale, RoundingMode.HALF_UP), scale == 0);
  }
}
