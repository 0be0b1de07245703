package org.clinisandbox.webhook;

import java.time.Duration;
import java.time.Instant;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/** The Retry-After header (RFC 9110, 10.2.3): seconds, or an HTTP date. */
final class RetryAfter {
  private RetryAfter() {}

  /** Null when there is none, when it makes no sense, and when it lies in the past. */
  static @Nullable Duration parse(@Nullable String value, Instant now) {
    if (value == null) {
      return null;
    }
    if (value.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Integer.parseInt(value));
    }
    Instant date = DateUtils.parseStandardDate(value);
    return date == null || date.isBefore(now) ? null : Duration.between(now, date);
  }
}
