package org.clinisandbox.fhir.validation;

import org.jspecify.annotations.Nullable;

/** What a text must look like to be a string, a code, an id or base64; null when it does. */
final class Texts {
  /** 1 MB, as FHIR has it. */
  private static final int LONGEST = 1024 * 1024;

  private static final int LONGEST_ID = 64;

  private static final char NEXT_LINE = 0x85;

  private static final String TOO_LONG = "A string has at most 1048576 characters.";

  private static final String CODE =
      "A code has no white space but single spaces between its parts.";

  private static final String CONTROL =
      "Text has no control characters but tabs, carriage returns and line feeds.";

  private static final String BASE64 =
      "This is base64 of RFC 4648: groups of four of A-Z, a-z, 0-9, + and /, the last one padded"
          + " with =.";

  /** Documents in base64 ask this of every character. */
  private static final boolean[] ALPHANUMERIC = new boolean[128];

  static {
    for (char c = 0; c < ALPHANUMERIC.length; c++) {
      ALPHANUMERIC[c] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    }
  }

  private Texts() {}

  static @Nullable String string(String text) {
    if (text.length() > LONGEST) {
      return TOO_LONG;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' && c != '\n' && c != '\r' && c != '\t') {
        return CONTROL;
      }
    }
    return null;
  }

  static @Nullable String code(String text) {
    boolean space = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ' && c < 0x7F) {
        space = false;
      } else if (c == ' ' ? space : c < ' ' || isWhiteSpace(c)) {
        return CODE;
      } else {
        space = c == ' ';
      }
    }
    if (space) {
      return CODE;
    }
    return text.length() > LONGEST ? TOO_LONG : null;
  }

  static @Nullable String id(String text) {
    boolean good = text.length() <= LONGEST_ID;
    for (int i = 0; good && i < text.length(); i++) {
      char c = text.charAt(i);
      good = isAlphanumeric(c) || c == '-' || c == '.';
    }
    return good ? null : "An id has 1 to 64 of A-Z, a-z, 0-9, - and . in it.";
  }

  static boolean isAlphanumeric(char c) {
    return c < ALPHANUMERIC.length && ALPHANUMERIC[c];
  }

  /** White space of any script, breaking or not. */
  static boolean isWhiteSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** White space may stand between the groups: mail programs break the lines. */
  static @Nullable String base64(String text) {
    return isBase64(text, 0, text.length()) ? null : BASE64;
  }

  static boolean isBase64(String text, int from, int to) {
    int count = 0;
    int padding = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        if ((count & 3) != 0) {
          return false;
        }
        continue;
      }
      if (c == '=') {
        padding++;
        if (padding > 2 || (count & 3) < 2) {
          return false;
        }
      } else if (padding > 0 || (!isAlphanumeric(c) && c != '+' && c != '/')) {
        return false;
      }
      count++;
    }
    return count > 0 && (count & 3) == 0;
  }
}
