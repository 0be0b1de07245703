package org.clinisandbox.fhir.path;

import static java.util.Objects.requireNonNullElse;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clinisandbox.fhir.path.Meter.Stop;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.jspecify.annotations.Nullable;

/**
 * A date, dateTime or time, as precise as it was written. What has no zone counts as UTC.
 *
 * @param parts how many are known, of: year, month, day, hour, minute, second with its fraction
 * @param local the unknown parts are the earliest; a time is on the first of January 1970
 */
record Moment(Kind kind, int parts, LocalDateTime local, @Nullable ZoneOffset zone)
    implements Item {
  enum Kind {
    DATE("Date"),
    DATE_TIME("DateTime"),
    TIME("Time");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    /** FHIRPath's name for it. */
    String type() {
      return type;
    }
  }

  private static final int YEAR = 1;
  private static final int MONTH = 2;
  private static final int DAY = 3;
  private static final int HOUR = 4;
  private static final int MINUTE = 5;
  private static final int SECOND = 6;
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000L);
  private static final BigDecimal MOST_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int LONGEST = 50;

  private static final String CLOCK = "([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(\\.[0-9]+)?)?)?";

  /** FHIR's forms and those of FHIRPath's literals without their {@code @}. */
  static final Pattern FORM =
      Pattern.compile(
          "([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:(T)(?:"
              + CLOCK
              + "(Z|[+-][0-9]{2}:[0-9]{2})?)?)?|(?:T|(?=[0-9]{2}:[0-9]{2}:))"
              + CLOCK);

  private static final DateTimeFormatter WHOLE =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  /** Null when the text is no date and no time, or one that the calendar does not have. */
  static @Nullable Moment parse(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    Matcher m = FORM.matcher(text);
    try {
      return m.matches() ? read(m) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable Moment read(Matcher m) {
    if (m.group(1) == null) {
      return clock(m, 10, LocalDate.EPOCH, Kind.TIME, null);
    }
    LocalDate date =
        LocalDate.of(number(m.group(1), 0), number(m.group(2), 1), number(m.group(3), 1));
    int parts = m.group(3) != null ? DAY : m.group(2) != null ? MONTH : YEAR;
    if (date.getYear() < 1 || (m.group(5) != null && parts < DAY)) {
      return null;
    }
    if (m.group(5) == null) {
      Kind kind = m.group(4) == null ? Kind.DATE : Kind.DATE_TIME;
      return new Moment(kind, parts, date.atStartOfDay(), null);
    }
    ZoneOffset zone = m.group(9) == null ? null : ZoneOffset.of(m.group(9));
    return clock(m, 5, date, Kind.DATE_TIME, zone);
  }

  private static Moment clock(
      Matcher m, int group, LocalDate date, Kind kind, @Nullable ZoneOffset zone) {
    int second = number(m.group(group + 2), 0);
    // A leap second is the first one of the next minute; java.time knows none.
    int leap = second == 60 ? 1 : 0;
    String fraction = requireNonNullElse(m.group(group + 3), ".");
    int nano = Integer.parseInt((fraction.substring(1) + "000000000").substring(0, 9));
    LocalTime time =
        LocalTime.of(number(m.group(group), 0), number(m.group(group + 1), 0), second - leap, nano);
    int parts = m.group(group + 2) != null ? SECOND : m.group(group + 1) != null ? MINUTE : HOUR;
    return new Moment(kind, parts, date.atTime(time).plusSeconds(leap), zone);
  }

  private static int number(@Nullable String digits, int otherwise) {
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  static Moment of(Instant now, Kind kind) {
    LocalDateTime local =
        LocalDateTime.ofInstant(now.truncatedTo(ChronoUnit.MILLIS), ZoneOffset.UTC);
    return switch (kind) {
      case DATE -> new Moment(kind, DAY, local.truncatedTo(ChronoUnit.DAYS), null);
      case DATE_TIME -> new Moment(kind, SECOND, local, ZoneOffset.UTC);
      case TIME -> new Moment(kind, SECOND, LocalDate.EPOCH.atTime(local.toLocalTime()), null);
    };
  }

  /** Negative, zero or positive; null when they agree as far as both are known. */
  @Nullable Integer compare(Moment other) {
    long[] mine = fields();
    long[] theirs = other.fields();
    for (int i = 0; i < Math.min(parts, other.parts); i++) {
      if (mine[i] != theirs[i]) {
        return Long.compare(mine[i], theirs[i]);
      }
    }
    return parts == other.parts ? Integer.valueOf(0) : null;
  }

  boolean comparable(Moment other) {
    return (kind == Kind.TIME) == (other.kind == Kind.TIME);
  }

  /** The same for two that are equal. */
  int sameness() {
    long[] fields = fields();
    int hash = parts;
    for (int i = 0; i < parts; i++) {
      hash = 31 * hash + Long.hashCode(fields[i]);
    }
    return hash;
  }

  private long[] fields() {
    LocalDateTime t =
        (zone == null || parts < HOUR) ? local : local.minusSeconds(zone.getTotalSeconds());
    long second = t.getSecond() * 1_000_000_000L + t.getNano();
    return new long[] {
      t.getYear(), t.getMonthValue(), t.getDayOfMonth(), t.getHour(), t.getMinute(), second
    };
  }

  /**
   * Later by a duration, earlier if it is negative. A unit finer than this moment is cut down to
   * what is known: 24 months are 2 years. Null when the calendar ends before.
   */
  @Nullable Moment plus(Amount amount) {
    int part = part(amount.unit());
    if (kind == Kind.TIME && part < HOUR) {
      throw new Stop(Cause.TYPE);
    }
    BigDecimal count = part == SECOND ? nanos(amount) : amount.value();
    if (count.abs().compareTo(part == SECOND ? MOST_NANOS : MOST) > 0) {
      return null;
    }
    long n = count.longValue() * (amount.unit().equals("wk") ? 7 : 1);
    while (part > parts) {
      n /= perCoarser(part);
      part = (part == DAY && parts == YEAR) ? YEAR : part - 1;
    }
    try {
      LocalDateTime moved = local.plus(n, UNITS[part]);
      if (kind == Kind.TIME) {
        moved = LocalDate.EPOCH.atTime(moved.toLocalTime());
      }
      boolean known = moved.getYear() >= 1 && moved.getYear() <= 9999;
      return known ? new Moment(kind, parts, moved, zone) : null;
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static final ChronoUnit[] UNITS = {
    ChronoUnit.FOREVER,
    ChronoUnit.YEARS,
    ChronoUnit.MONTHS,
    ChronoUnit.DAYS,
    ChronoUnit.HOURS,
    ChronoUnit.MINUTES,
    ChronoUnit.NANOS
  };

  private static BigDecimal nanos(Amount amount) {
    return amount.value().movePointRight(amount.unit().equals("ms") ? 6 : 9);
  }

  // UCUM's year and month are 365.25 and 30.4375 days, which no calendar can add.
  private static int part(String unit) {
    return switch (unit) {
      case "year" -> YEAR;
      case "month" -> MONTH;
      case "wk", "d" -> DAY;
      case "h" -> HOUR;
      case "min" -> MINUTE;
      case "s", "ms" -> SECOND;
      default -> throw new Stop(Cause.TYPE);
    };
  }

  private long perCoarser(int part) {
    return switch (part) {
      case SECOND -> 60_000_000_000L;
      case MINUTE -> 60;
      case HOUR -> 24;
      case DAY -> parts == YEAR ? 365 : 30;
      default -> 12;
    };
  }

  /** As FHIR writes it, as far as it is known. */
  @Override
  public String toString() {
    String whole = local.format(WHOLE);
    String known = parts == SECOND ? whole : whole.substring(0, 1 + 3 * parts);
    return kind == Kind.TIME ? known.substring("1970-01-01T".length()) : zoned(known);
  }

  private String zoned(String known) {
    return (zone == null || parts < HOUR) ? known : known + zone.getId();
  }
}
