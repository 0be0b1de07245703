package org.clinisandbox.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
  private static final List<Duration> CONTRACT =
      List.of("PT5S", "PT5M", "PT30M", "PT2H", "PT5H", "PT10H", "PT14H", "PT20H", "PT24H").stream()
          .map(Duration::parse)
          .toList();

  @Test
  void the_delays_are_the_contracts_without_jitter() {
    for (int failed = 1; failed <= CONTRACT.size(); failed++) {
      assertThat(RetrySchedule.next(failed, null, always(0))).contains(CONTRACT.get(failed - 1));
    }
  }

  @Test
  void nothing_follows_the_last_retry() {
    assertThat(RetrySchedule.next(10, null, always(0))).isEmpty();
    assertThat(RetrySchedule.next(10, Duration.ofSeconds(1), always(0))).isEmpty();
    assertThat(RetrySchedule.next(Integer.MAX_VALUE, null, always(0))).isEmpty();
  }

  @Test
  void jitter_lengthens_by_at_most_a_tenth_and_really_varies() {
    var random = new Random(15);
    for (int failed = 1; failed <= CONTRACT.size(); failed++) {
      Duration base = CONTRACT.get(failed - 1);
      Set<Duration> seen = new HashSet<>();
      for (int i = 0; i < 1000; i++) {
        Duration delay = RetrySchedule.next(failed, null, random).orElseThrow();
        assertThat(delay).isBetween(base, base.multipliedBy(11).dividedBy(10));
        seen.add(delay);
      }
      assertThat(seen).hasSizeGreaterThan(100);
    }
  }

  @Test
  void retry_after_is_a_floor() {
    assertThat(RetrySchedule.next(1, Duration.ofMinutes(2), always(0.9)))
        .contains(Duration.ofMinutes(2));
    assertThat(RetrySchedule.next(4, Duration.ofMinutes(2), always(0)))
        .contains(Duration.ofHours(2));
  }

  @Test
  void retry_after_is_honoured_up_to_a_day() {
    assertThat(RetrySchedule.next(1, Duration.ofDays(400), always(0)))
        .contains(Duration.ofHours(24));
  }

  @Test
  void attempts_are_counted_from_one() {
    assertThatIllegalArgumentException().isThrownBy(() -> RetrySchedule.next(0, null, always(0)));
  }

  private static RandomGenerator always(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return (long) (value * 0x1.0p53) << 11;
      }
    };
  }
}
