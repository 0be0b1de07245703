package org.clinisandbox.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplesTest {
  private static final Instant NOW = Instant.parse("2024-02-29T12:00:00.5Z");

  @ParameterizedTest
  @CsvSource({
    "@NOW@, 2024-02-29T12:00:00Z",
    "@NOW-30s@, 2024-02-29T11:59:30Z",
    "@NOW-30m@, 2024-02-29T11:30:00Z",
    "@NOW-1h@, 2024-02-29T11:00:00Z",
    "@NOW-2d@, 2024-02-27T12:00:00Z",
    "@TODAY@, 2024-02-29",
    "@TODAY-1d@, 2024-02-28",
    "@TODAY-1y@, 2023-02-28",
    "@TODAY-35y@, 1989-02-28",
    "@TODAY-35x@, @TODAY-35x@"
  })
  void a_mark_becomes_the_time_that_long_ago(String mark, String time) {
    assertThat(Samples.withTimes("\"" + mark + "\"", NOW)).isEqualTo("\"" + time + "\"");
  }

  @Test
  void a_sample_is_found_with_and_without_its_ending() {
    assertThat(Samples.read("sepsis_valid", NOW))
        .isEqualTo(Samples.read("sepsis_valid.json", NOW))
        .contains("\"sepsis\"");
  }

  @Test
  void a_name_that_is_no_sample_is_refused_and_reaches_no_other_file() {
    assertThatThrownBy(() -> Samples.read("unknown", NOW)).isInstanceOf(CommandFailed.class);
    assertThatThrownBy(() -> Samples.read("../application", NOW)).isInstanceOf(CommandFailed.class);
  }
}
