package org.clinisandbox.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The payloads that come along. Their times are marks, {@code @NOW-1h@} (s, m, h, d) and
 * {@code @TODAY-35y@} (d, y), which become times when one is read.
 */
final class Samples {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,64}");
  private static final Pattern NOW = Pattern.compile("@NOW(?:-(\\d{1,6})([smhd]))?@");
  private static final Pattern TODAY = Pattern.compile("@TODAY(?:-(\\d{1,6})([dy]))?@");

  private Samples() {}

  /**
   * Reads one, with or without {@code .json} after its name.
   *
   * @throws CommandFailed when there is none of this name
   */
  static String read(String name, Instant now) {
    String stem = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    try (InputStream in =
        NAME.matcher(stem).matches()
            ? Samples.class.getResourceAsStream("/payloads/" + stem + ".json")
            : null) {
      if (in == null) {
        throw new CommandFailed(
            "There is no sample " + name + ": the files of tests/payloads are the samples.");
      }
      return withTimes(new String(in.readAllBytes(), StandardCharsets.UTF_8), now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String withTimes(String text, Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    String timed = NOW.matcher(text).replaceAll(mark -> earlier(second, mark).toString());
    return TODAY.matcher(timed).replaceAll(mark -> earlier(today, mark).toString());
  }

  private static Instant earlier(Instant now, MatchResult mark) {
    if (mark.group(1) == null) {
      return now;
    }
    long amount = Long.parseLong(mark.group(1));
    return switch (mark.group(2)) {
      case "s" -> now.minusSeconds(amount);
      case "m" -> now.minus(amount, ChronoUnit.MINUTES);
      case "h" -> now.minus(amount, ChronoUnit.HOURS);
      default -> now.minus(amount, ChronoUnit.DAYS);
    };
  }

  private static LocalDate earlier(LocalDate today, MatchResult mark) {
    if (mark.group(1) == null) {
      return today;
    }
    long amount = Long.parseLong(mark.group(1));
    return mark.group(2).equals("y") ? today.minusYears(amount) : today.minusDays(amount);
  }
}
