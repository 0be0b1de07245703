package org.clinisandbox.registry;

import java.util.regex.Pattern;

/** The form of LOINC numbers: up to seven digits, a hyphen, and a Mod-10 check digit. */
final class Loinc {
  private static final Pattern FORM = Pattern.compile("[1-9][0-9]{0,6}-[0-9]");

  private Loinc() {}

  /** Whether a text is a LOINC number with the right check digit; not whether LOINC issued it. */
  static boolean isNumber(String text) {
    return FORM.matcher(text).matches()
        && checkDigit(text.substring(0, text.length() - 2)) == text.charAt(text.length() - 1) - '0';
  }

  /** Mod 10 (Luhn): from the right, every second digit doubled, beginning with the last. */
  private static int checkDigit(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighted = i % 2 == 0 ? 2 * digit : digit;
      sum += weighted / 10 + weighted % 10;
    }
    return (10 - sum % 10) % 10;
  }
}
