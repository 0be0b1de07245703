package org.clinisandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DemandTest {
  private static final int MOST = 8;
  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

  private Instant now = Instant.parse("2026-11-21T08:00:00Z");
  private final Demand demand = new Demand(now);

  @Test
  void one_is_kept_for_a_model_that_nobody_asks_for() {
    demand.started(HALF_A_SECOND);
    assertThat(demand.target(MOST, now)).isEqualTo(1);
  }

  @Test
  void as_many_more_are_kept_as_come_while_one_starts() {
    demand.started(HALF_A_SECOND);
    come(100, Duration.ofMillis(200));
    assertThat(demand.target(MOST, now)).isEqualTo(1 + 3);
  }

  @Test
  void a_model_that_starts_in_no_time_needs_one_more_at_most() {
    demand.started(Duration.ofMillis(5));
    come(100, Duration.ofMillis(200));
    assertThat(demand.target(MOST, now)).isEqualTo(2);
  }

  @Test
  void there_is_a_most() {
    demand.started(HALF_A_SECOND);
    come(1000, Duration.ofMillis(2));
    assertThat(demand.target(MOST, now)).isEqualTo(MOST);
  }

  @Test
  void a_rush_is_forgotten() {
    demand.started(HALF_A_SECOND);
    come(1000, Duration.ofMillis(2));
    now = now.plusSeconds(120);
    assertThat(demand.target(MOST, now)).isEqualTo(1);
    assertThat(demand.last()).isEqualTo(now.minusSeconds(120));
  }

  private void come(int patients, Duration apart) {
    for (int i = 0; i < patients; i++) {
      now = now.plus(apart);
      demand.asked(now);
    }
  }
}
