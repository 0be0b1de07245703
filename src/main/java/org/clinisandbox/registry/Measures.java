package org.clinisandbox.registry;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations and sizes, as manifests write them. */
final class Measures {
  private static final Pattern DURATION =
      Pattern.compile(
          "P(?=[0-9T])([0-9]{1,6}D)?(T(?=[0-9])([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9.]{1,9}S)?)?");
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,9})(Ki|Mi|Gi)?");

  private Measures() {}

  /** A duration such as PT24H or P7D; null when the key is absent or after a mistake. */
  static @Nullable Duration duration(
      Fields fields, String key, Duration shortest, Duration longest) {
    String text = fields.text(key, new Syntax("text", any -> true));
    if (text == null) {
      return null;
    }
    Duration duration = parseDuration(text);
    if (duration == null) {
      fields.mistake(
          key, "must be an ISO 8601 duration in days or less, as PT24H or P7D (a year is P365D)");
    } else if (duration.compareTo(shortest) < 0 || duration.compareTo(longest) > 0) {
      fields.mistake(key, "must be between " + shortest + " and " + longest);
    }
    return duration;
  }

  private static @Nullable Duration parseDuration(String text) {
    try {
      return DURATION.matcher(text).matches() ? Duration.parse(text) : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** A size in bytes such as 256Mi; the fallback when the key is absent or after a mistake. */
  static long size(Fields fields, String key, long smallest, long biggest, long fallback) {
    String text = fields.text(key, new Syntax("text", any -> true));
    if (text == null) {
      return fallback;
    }
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      fields.mistake(key, "must be a size in bytes, as 512Ki, 256Mi or 1Gi");
      return fallback;
    }
    String suffix = matcher.group(2) == null ? "" : matcher.group(2);
    int shift =
        switch (suffix) {
          case "Ki" -> 10;
          case "Mi" -> 20;
          case "Gi" -> 30;
          default -> 0;
        };
    long size = Long.parseLong(matcher.group(1)) << shift;
    if (size < smallest || size > biggest) {
      fields.mistake(key, "must be between " + readable(smallest) + " and " + readable(biggest));
      return fallback;
    }
    return size;
  }

  private static String readable(long bytes) {
    if (bytes >= 1L << 30) {
      return (bytes >> 30) + "Gi";
    }
    return bytes >= 1L << 20 ? (bytes >> 20) + "Mi" : (bytes >> 10) + "Ki";
  }
}
