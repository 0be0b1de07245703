package org.clinisandbox.fhir.validation;

import static org.clinisandbox.fhir.validation.Texts.isDigit;

import org.jspecify.annotations.Nullable;

/** What a text must look like to be a date or time of FHIR; null when it does. */
final class Times {
  private static final String DATE =
      "A date is YYYY, YYYY-MM or YYYY-MM-DD, and on the calendar, as 2026-01-31.";

  private static final String DATE_TIME =
      "A dateTime is a date, or a date and a time with seconds and zone, as"
          + " 2026-01-31T08:30:00+01:00.";

  private static final String NO_ZONE =
      "A dateTime with a time needs a time zone, as 2026-01-31T08:30:00+01:00.";

  private static final String INSTANT =
      "An instant is a date and a time with seconds and zone, as 2026-01-31T08:30:00.000+01:00.";

  private static final String TIME = "A time is hh:mm:ss between 00:00:00 and 23:59:60.";

  private static final int WHOLE_DATE = 10;

  private Times() {}

  static @Nullable String date(String text) {
    return isDate(text, text.length()) ? null : DATE;
  }

  static @Nullable String dateTime(String text) {
    if (text.length() <= WHOLE_DATE) {
      return isDate(text, text.length()) ? null : DATE_TIME;
    }
    int zone = zoneAt(text);
    if (zone == text.length()) {
      return NO_ZONE;
    }
    return zone > 0 && isZone(text, zone) ? null : DATE_TIME;
  }

  static @Nullable String instant(String text) {
    int zone = zoneAt(text);
    return zone > 0 && isZone(text, zone) ? null : INSTANT;
  }

  static @Nullable String time(String text) {
    return timeEnd(text, 0) == text.length() ? null : TIME;
  }

  /** Where the zone of a date with a time begins, or would; -1 when these are none. */
  private static int zoneAt(String text) {
    return text.length() > WHOLE_DATE && text.charAt(WHOLE_DATE) == 'T' && isDate(text, WHOLE_DATE)
        ? timeEnd(text, WHOLE_DATE + 1)
        : -1;
  }

  /** Whether the first {@code length} characters are a year, a month or a day. */
  private static boolean isDate(String text, int length) {
    if (length != 4 && length != 7 && length != WHOLE_DATE) {
      return false;
    }
    int year = 100 * two(text, 0) + two(text, 2);
    if (year <= 0 || two(text, 0) < 0 || two(text, 2) < 0) {
      return false;
    }
    if (length == 4) {
      return true;
    }
    int month = two(text, 5);
    if (text.charAt(4) != '-' || month < 1 || month > 12) {
      return false;
    }
    if (length == 7) {
      return true;
    }
    int day = two(text, 8);
    return text.charAt(7) == '-' && day >= 1 && day <= days(year, month);
  }

  private static int days(int year, int month) {
    return switch (month) {
      case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /** Where {@code hh:mm:ss} with or without a fraction ends that begins here; -1 when none does. */
  private static int timeEnd(String text, int from) {
    int end = from + 8;
    if (text.length() < end || text.charAt(from + 2) != ':' || text.charAt(from + 5) != ':') {
      return -1;
    }
    int hour = two(text, from);
    int minute = two(text, from + 3);
    int second = two(text, from + 6);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
      return -1;
    }
    if (end == text.length() || text.charAt(end) != '.') {
      return end;
    }
    int digits = end + 1;
    int i = digits;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i == digits ? -1 : i;
  }

  /** Whether the rest is {@code Z} or {@code ±hh:mm}, at most 14 hours. */
  private static boolean isZone(String text, int from) {
    if (text.length() == from + 1) {
      return text.charAt(from) == 'Z';
    }
    if (text.length() != from + 6
        || (text.charAt(from) != '+' && text.charAt(from) != '-')
        || text.charAt(from + 3) != ':') {
      return false;
    }
    int hours = two(text, from + 1);
    int minutes = two(text, from + 4);
    return hours >= 0 && minutes >= 0 && minutes < 60 && hours * 60 + minutes <= 14 * 60;
  }

  /** The number that two digits are; -1 when they are not both. */
  private static int two(String text, int at) {
    int tens = text.charAt(at) - '0';
    int ones = text.charAt(at + 1) - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : 10 * tens + ones;
  }
}
