package org.clinisandbox.fhir;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.clinisandbox.fhir.PatientFact.BirthDate;
import org.jspecify.annotations.Nullable;

/** FHIR's date, dateTime and instant; what is none of them is null. */
final class FhirTime {
  private FhirTime() {}

  /** The earliest instant a date or time can mean, days beginning in UTC. */
  static @Nullable Instant earliest(@Nullable String text) {
    if (text == null) {
      return null;
    }
    int time = text.indexOf('T');
    BirthDate date = date(time < 0 ? text : text.substring(0, time));
    if (date == null) {
      return null;
    }
    if (time < 0) {
      return date.earliest().atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    return date.earliest().equals(date.latest()) ? at(date.earliest(), text, time + 1) : null;
  }

  /** Reads {@code hh:mm:ss[.f…](Z|±hh:mm)} from {@code i} to the text's end. */
  private static @Nullable Instant at(LocalDate day, String text, int i) {
    int hour = number(text, i, i + 2);
    int minute = number(text, i + 3, i + 5);
    int second = number(text, i + 6, i + 8);
    if (hour < 0 || minute < 0 || second < 0 || text.charAt(i + 2) != ':') {
      return null;
    }
    int zone = i + 8;
    int nanos = 0;
    if (text.startsWith(".", zone)) {
      int unit = 100_000_000;
      for (zone++; zone < text.length() && isDigit(text.charAt(zone)); zone++) {
        nanos += (text.charAt(zone) - '0') * unit;
        unit /= 10;
      }
      if (zone == i + 9) {
        return null;
      }
    }
    try {
      ZoneOffset offset = text.charAt(i + 5) == ':' ? zone(text, zone) : null;
      // A leap second is the first one of the next minute; java.time knows none.
      int leap = second == 60 ? 1 : 0;
      return offset == null
          ? null
          : day.atTime(hour, minute, second - leap, nanos).toInstant(offset).plusSeconds(leap);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The days a date can mean; null when it is none. */
  static @Nullable BirthDate date(@Nullable String text) {
    if (text == null) {
      return null;
    }
    int year = number(text, 0, 4);
    int month = text.length() == 4 ? 1 : number(text, 5, 7);
    int day = text.length() <= 7 ? 1 : number(text, 8, 10);
    if (year < 0 || month < 0 || day < 0 || !isDateShaped(text)) {
      return null;
    }
    try {
      LocalDate first = LocalDate.of(year, month, day);
      LocalDate last =
          switch (text.length()) {
            case 4 -> LocalDate.of(year, 12, 31);
            case 7 -> first.plusMonths(1).minusDays(1);
            default -> first;
          };
      return new BirthDate(first, last);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static boolean isDateShaped(String text) {
    return switch (text.length()) {
      case 4 -> true;
      case 7 -> text.charAt(4) == '-';
      case 10 -> text.charAt(4) == '-' && text.charAt(7) == '-';
      default -> false;
    };
  }

  /** {@code Z} or {@code ±hh:mm}, and nothing after it; null when it is neither. */
  private static @Nullable ZoneOffset zone(String text, int i) {
    if (text.length() == i + 1 && text.charAt(i) == 'Z') {
      return ZoneOffset.UTC;
    }
    if (text.length() != i + 6 || text.charAt(i + 3) != ':') {
      return null;
    }
    int sign =
        switch (text.charAt(i)) {
          case '+' -> 1;
          case '-' -> -1;
          default -> 0;
        };
    int hours = number(text, i + 1, i + 3);
    int minutes = number(text, i + 4, i + 6);
    return sign == 0 || hours < 0 || minutes < 0
        ? null
        : ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
  }

  /** The number that these digits are; -1 when they are not all digits or end too early. */
  private static int number(String text, int from, int to) {
    if (text.length() < to) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
