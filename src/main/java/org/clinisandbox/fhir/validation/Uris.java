package org.clinisandbox.fhir.validation;

import static org.clinisandbox.fhir.validation.Texts.isDigit;

import org.jspecify.annotations.Nullable;

/** What a text must look like to be a URI of one of FHIR's types; null when it does. */
final class Uris {
  private static final String URN_OID = "urn:oid:";
  private static final String URN_UUID = "urn:uuid:";

  private static final String BAD_OID =
      "An OID is urn:oid: and numbers without leading zeros between points, as urn:oid:1.2.36.146.";

  private static final String BAD_UUID =
      "A UUID is urn:uuid: and lower-case digits, as"
          + " urn:uuid:c757873d-ec9a-4326-a141-556f43239520.";

  /** An OID's shortest root that is anybody's; below 1.3 they are shorter. */
  private static final int OID_ROOT = 4;

  private Uris() {}

  static @Nullable String uri(String text) {
    return uri(text, text.length());
  }

  static @Nullable String canonical(String text) {
    String wrong = uri(text, endOfCanonical(text));
    if (wrong != null) {
      return wrong;
    }
    return text.charAt(0) == '#' || isAbsolute(text)
        ? null
        : "A canonical is an absolute URL, or # and the id of a contained resource.";
  }

  static @Nullable String oid(String text) {
    return text.startsWith(URN_OID) ? uri(text) : BAD_OID;
  }

  static @Nullable String uuid(String text) {
    return text.startsWith(URN_UUID) && isUuid(text, URN_UUID.length(), text.length())
        ? null
        : BAD_UUID;
  }

  /**
   * @param end where a version begins that is no part of the URI
   */
  private static @Nullable String uri(String text, int end) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || (c > 0x7F && Texts.isWhiteSpace(c))) {
        return "A URI has neither white space nor control characters.";
      }
    }
    if (text.charAt(0) != 'u' && text.charAt(0) != 'o') {
      return null;
    }
    if (text.startsWith(URN_UUID)) {
      int fragment = text.indexOf('#');
      return isUuid(text, URN_UUID.length(), fragment < 0 ? end : Math.min(end, fragment))
          ? null
          : BAD_UUID;
    }
    if (text.startsWith(URN_OID)) {
      return isOid(text, URN_OID.length(), text.length()) ? null : BAD_OID;
    }
    return text.startsWith("oid:") || text.startsWith("uuid:")
        ? "A URI does not begin with oid: or uuid:; write urn:oid: or urn:uuid:."
        : null;
  }

  private static int endOfCanonical(String text) {
    int version = text.lastIndexOf('|');
    return version < 0 ? text.length() : version;
  }

  /** Whether it begins with a scheme, and something follows. */
  static boolean isAbsolute(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      return false;
    }
    for (int i = 0; i < colon; i++) {
      char c = text.charAt(i);
      if ((c < 'a' || c > 'z') && (i == 0 || (!isDigit(c) && c != '+' && c != '-' && c != '.'))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUuid(String text, int from, int to) {
    return to - from == 36
        && isHex(text, from, 8)
        && text.charAt(from + 8) == '-'
        && isHex(text, from + 9, 4)
        && text.charAt(from + 13) == '-'
        && isHex(text, from + 14, 4)
        && text.charAt(from + 18) == '-'
        && isHex(text, from + 19, 4)
        && text.charAt(from + 23) == '-'
        && isHex(text, from + 24, 12);
  }

  private static boolean isHex(String text, int from, int length) {
    for (int i = from; i < from + length; i++) {
      char c = text.charAt(i);
      if (!isDigit(c) && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOid(String text, int from, int to) {
    if (to - from < 3 || text.charAt(from) < '0' || text.charAt(from) > '2') {
      return false;
    }
    int lastPoint = -1;
    for (int i = from + 1; i < to; i++) {
      char c = text.charAt(i);
      boolean atStart = i == lastPoint + 1;
      if (c == '.') {
        if (atStart) {
          return false;
        }
        lastPoint = i;
      } else if (!isDigit(c)
          || lastPoint < 0
          || (!atStart && i == lastPoint + 2 && text.charAt(i - 1) == '0')) {
        return false;
      }
    }
    return lastPoint >= 0
        && lastPoint < to - 1
        && (lastPoint - from >= OID_ROOT || text.startsWith("1.3", from));
  }
}
