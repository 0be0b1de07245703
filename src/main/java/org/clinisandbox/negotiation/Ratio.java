package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** An exact quotient of two decimals. */
record Ratio(BigDecimal numerator, BigDecimal denominator) {
  /** More than any measurement carries, and few enough to swallow a quotient's endless tail. */
  private static final MathContext ROUNDING = new MathContext(15, RoundingMode.HALF_EVEN);

  static final Ratio ONE = of("1");

  static Ratio of(String decimal) {
    return new Ratio(new BigDecimal(decimal), BigDecimal.ONE);
  }

  static Ratio of(BigDecimal decimal) {
    return new Ratio(decimal, BigDecimal.ONE);
  }

  Ratio plus(BigDecimal addend) {
    return new Ratio(numerator.add(addend.multiply(denominator)), denominator);
  }

  Ratio times(Ratio factor) {
    return new Ratio(
        numerator.multiply(factor.numerator), denominator.multiply(factor.denominator));
  }

  Ratio over(Ratio divisor) {
    return new Ratio(
        numerator.multiply(divisor.denominator), denominator.multiply(divisor.numerator));
  }

  boolean sameAs(Ratio other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator))
        == 0;
  }

  /** To 15 significant digits, halves to even, without trailing zeros. */
  BigDecimal rounded() {
    BigDecimal plain = numerator.divide(denominator, ROUNDING).stripTrailingZeros();
    return plain.scale() < 0 ? plain.setScale(0) : plain;
  }
}
