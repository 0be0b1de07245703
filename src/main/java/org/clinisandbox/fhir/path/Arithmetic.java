package org.clinisandbox.fhir.path;

import java.math.BigDecimal;
import org.clinisandbox.fhir.path.Item.Amount;
import org.clinisandbox.fhir.path.Item.Node;
import org.clinisandbox.fhir.path.Item.Num;
import org.clinisandbox.fhir.path.Item.Text;
import org.clinisandbox.fhir.path.Meter.Stop;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.jspecify.annotations.Nullable;

/** Sums of numbers, quantities, texts and dates. Null means empty: no result in range. */
final class Arithmetic {
  private Arithmetic() {}

  static @Nullable Item apply(Operator operator, Item left, Item right, Meter meter) {
    Item a = left instanceof Node ? quantity(left) : left;
    Item b = right instanceof Node ? quantity(right) : right;
    if (a == null || b == null) {
      return null;
    }
    if (a instanceof Num n && b instanceof Num m) {
      return numbers(operator, n, m);
    }
    if (operator == Operator.PLUS && a instanceof Text s && b instanceof Text t) {
      return concatenate(s.value(), t.value(), meter);
    }
    Moment x = Equality.moment(a);
    if (x != null && b instanceof Amount y) {
      return switch (operator) {
        case PLUS -> x.plus(y);
        case MINUS -> x.plus(new Amount(y.value().negate(), y.unit()));
        default -> throw new Stop(Cause.TYPE);
      };
    }
    if (a instanceof Amount || b instanceof Amount) {
      return amounts(operator, a, b);
    }
    throw new Stop(Cause.TYPE);
  }

  static Text concatenate(String left, String right, Meter meter) {
    meter.make((long) left.length() + right.length());
    return new Text(left + right);
  }

  /** Null for a quantity that can't be computed with, such as one outside UCUM. */
  private static @Nullable Amount quantity(Item node) {
    Amount amount = Tree.amount(node);
    if (amount == null && !Equality.isAmount(node)) {
      throw new Stop(Cause.TYPE);
    }
    return amount;
  }

  private static @Nullable Num numbers(Operator operator, Num left, Num right) {
    BigDecimal a = left.value();
    BigDecimal b = right.value();
    boolean whole = left.whole() && right.whole();
    return switch (operator) {
      case PLUS -> Num.result(a.add(b), whole);
      case MINUS -> Num.result(a.subtract(b), whole);
      case TIMES -> Num.result(a.multiply(b), whole);
      case DIVIDE -> b.signum() == 0 ? null : Num.result(a.divide(b, Num.precision()), false);
      case DIV -> b.signum() == 0 ? null : Num.result(a.divideToIntegralValue(b).setScale(0), true);
      case MOD -> b.signum() == 0 ? null : Num.result(a.remainder(b), whole);
      default -> throw new Stop(Cause.TYPE);
    };
  }

  /** Sums need one unit; products need a plain number; a ratio of one unit is a plain number. */
  private static @Nullable Item amounts(Operator operator, Item left, Item right) {
    Amount a = Tree.amount(left);
    Amount b = Tree.amount(right);
    if (a == null || b == null) {
      throw new Stop(Cause.TYPE);
    }
    boolean sameUnit = a.unit().equals(b.unit());
    String unit =
        switch (operator) {
          case PLUS, MINUS -> sameUnit ? a.unit() : null;
          case TIMES -> b.unit().equals("1") ? a.unit() : a.unit().equals("1") ? b.unit() : null;
          case DIVIDE -> sameUnit ? "1" : b.unit().equals("1") ? a.unit() : null;
          default -> throw new Stop(Cause.TYPE);
        };
    Num value =
        unit == null
            ? null
            : numbers(operator, new Num(a.value(), false), new Num(b.value(), false));
    return (value == null || unit == null) ? null : new Amount(value.value(), unit);
  }
}
