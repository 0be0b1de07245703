package org.clinisandbox.fhir;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clinisandbox.fhir.PatientFact.BirthDate;
import org.jspecify.annotations.Nullable;

/** FHIR's date, dateTime and instant; what is none of them is null. */
final class FhirTime {
  private static final Pattern DATE = Pattern.compile("([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?");
  private static final Pattern TIME =
      Pattern.compile(
          "T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{1,9})[0-9]*)?"
              + "(?:Z|([+-])([0-9]{2}):([0-9]{2}))");

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
    Matcher m = TIME.matcher(text.substring(time));
    if (!m.matches() || !date.earliest().equals(date.latest())) {
      return null;
    }
    try {
      // A leap second is the first one of the next minute; java.time knows none.
      int second = Integer.parseInt(m.group(3));
      int leap = second == 60 ? 1 : 0;
      int nanos =
          m.group(4) == null ? 0 : Integer.parseInt((m.group(4) + "00000000").substring(0, 9));
      LocalTime clock =
          LocalTime.of(
              Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), second - leap, nanos);
      return date.earliest().atTime(clock).toInstant(zone(m)).plusSeconds(leap);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The days a date can mean; null when it is none. */
  static @Nullable BirthDate date(@Nullable String text) {
    Matcher m = DATE.matcher(text == null ? "" : text);
    if (!m.matches()) {
      return null;
    }
    try {
      int year = Integer.parseInt(m.group(1));
      if (m.group(2) == null) {
        return new BirthDate(LocalDate.of(year, 1, 1), LocalDate.of(year, 12, 31));
      }
      YearMonth month = YearMonth.of(year, Integer.parseInt(m.group(2)));
      if (m.group(3) == null) {
        return new BirthDate(month.atDay(1), month.atEndOfMonth());
      }
      LocalDate day = month.atDay(Integer.parseInt(m.group(3)));
      return new BirthDate(day, day);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static ZoneOffset zone(Matcher m) {
    if (m.group(5) == null) {
      return ZoneOffset.UTC;
    }
    int sign = m.group(5).equals("-") ? -1 : 1;
    return ZoneOffset.ofHoursMinutes(
        sign * Integer.parseInt(m.group(6)), sign * Integer.parseInt(m.group(7)));
  }
}
