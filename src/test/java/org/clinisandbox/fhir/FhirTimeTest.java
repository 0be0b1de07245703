package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import org.clinisandbox.fhir.PatientFact.BirthDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FhirTimeTest {
  @ParameterizedTest
  @CsvSource({
    "2020, 2020-01-01T00:00:00Z",
    "2020-02, 2020-02-01T00:00:00Z",
    "2020-02-29, 2020-02-29T00:00:00Z",
    "2020-02-29T23:59:59Z, 2020-02-29T23:59:59Z",
    "2020-01-01T00:30:00+02:00, 2019-12-31T22:30:00Z",
    "2020-01-01T00:30:00-05:30, 2020-01-01T06:00:00Z",
    "2020-01-01T00:00:00.5Z, 2020-01-01T00:00:00.500Z",
    "2020-01-01T00:00:00.1234567899Z, 2020-01-01T00:00:00.123456789Z",
    "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z"
  })
  void a_time_is_its_earliest_instant(String text, Instant expected) {
    assertThat(FhirTime.earliest(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "T",
        "20",
        "2020-13",
        "2021-02-29",
        "2020-00-10",
        "2020-01-01T24:00:00Z",
        "2020-01-01T12:60:00Z",
        "2020-01-01T12:00:61Z",
        "2020-01-01T12:00:00",
        "2020-01-01T12:00Z",
        "2020-01-01T12:00:00+99:00",
        "2020-01T12:00:00Z",
        "2020-01-01 12:00:00Z",
        "2020-01-01T12:00:00Zx",
        "-2020-01-01",
        "٢٠٢٠"
      })
  void rubbish_is_no_time(String text) {
    assertThat(FhirTime.earliest(text)).isNull();
  }

  @Test
  void a_partial_date_can_mean_any_of_its_days() {
    assertThat(FhirTime.date("1960")).isEqualTo(days("1960-01-01", "1960-12-31"));
    assertThat(FhirTime.date("1960-02")).isEqualTo(days("1960-02-01", "1960-02-29"));
    assertThat(FhirTime.date("1961-02")).isEqualTo(days("1961-02-01", "1961-02-28"));
    assertThat(FhirTime.date("1960-02-29")).isEqualTo(days("1960-02-29", "1960-02-29"));
    assertThat(FhirTime.date("1961-02-29")).isNull();
    assertThat(FhirTime.date("1960-02-29T00:00:00Z")).isNull();
    assertThat(FhirTime.date(null)).isNull();
  }

  private static BirthDate days(String first, String last) {
    return new BirthDate(LocalDate.parse(first), LocalDate.parse(last));
  }
}
