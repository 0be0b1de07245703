package org.clinisandbox.fhir.validation;

/**
 * Is it written like a LOINC code? Every code ends in a check digit, computed by the Mod-10 rule of
 * the LOINC Users' Guide (appendix on check digits) over what stands before the hyphen. A letter
 * counts there as its distance from the digit 0 in ASCII.
 */
final class Loinc {
  /** Digits of a code's number. */
  private static final int MOST_DIGITS = 7;

  private Loinc() {}

  /**
   * Whether it may be a code of LOINC: of a term ({@code 8867-4}), or of a part, an answer, a list
   * of answers or a group ({@code LP}, {@code LA}, {@code LL}, {@code LG} before the number).
   */
  static boolean isWellFormed(String code) {
    int hyphen = code.length() - 2;
    int first = firstDigit(code);
    if (hyphen - first < 1 || hyphen - first > MOST_DIGITS || code.charAt(hyphen) != '-') {
      return false;
    }
    if (code.charAt(first) == '0' || !Texts.isDigit(code.charAt(hyphen + 1))) {
      return false;
    }
    int sum = 0;
    boolean twice = true;
    for (int i = hyphen - 1; i >= 0; i--) {
      if (i >= first && !Texts.isDigit(code.charAt(i))) {
        return false;
      }
      int digit = code.charAt(i) - '0';
      sum += twice ? 2 * digit - digit / 5 * 9 : digit;
      twice = !twice;
    }
    return (10 - sum % 10) % 10 == code.charAt(hyphen + 1) - '0';
  }

  private static int firstDigit(String code) {
    if (code.length() < 2 || code.charAt(0) != 'L') {
      return 0;
    }
    return switch (code.charAt(1)) {
      case 'A', 'G', 'L', 'P' -> 2;
      default -> 0;
    };
  }
}
