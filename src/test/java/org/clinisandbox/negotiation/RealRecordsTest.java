package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Checked;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * NEWS2 on whole synthetic records. What is expected was read off the records by hand: which of the
 * codes they hold, and from when the newest value of each is.
 */
class RealRecordsTest {
  private static final BundleCheck CHECK = new BundleCheck(100);

  private static Manifest news2() throws Exception {
    byte[] yaml = Files.readAllBytes(Path.of("models/news2/manifest.yaml"));
    return ((ManifestReading.Read) ManifestReader.read(ManifestReader.fromYaml(yaml))).manifest();
  }

  private static Verdict negotiate(String record, String now) throws Exception {
    byte[] json = Files.readAllBytes(Path.of("src/test/resources/synthea", record + ".json"));
    Checked checked = CHECK.check(Json.MAPPER.readTree(json));
    return new Negotiator(news2()).negotiate(((Checked.Valid) checked).facts(), Instant.parse(now));
  }

  private static Map<String, String> reasons(Verdict.DataRequired verdict) {
    return verdict.gaps().stream()
        .filter(Gap::mandatory)
        .collect(
            Collectors.toMap(Gap::name, gap -> gap.reason().label(), (a, b) -> a, TreeMap::new));
  }

  @ParameterizedTest
  @CsvSource({
    "03_244entries, 2024-12-15T14:00:00Z, missing, 12, 101, 80",
    "12_358entries, 2024-05-09T00:00:00Z, missing, 13, 98, 99",
    "33_544entries, 2024-11-24T15:00:00Z, stale, 12, 126, 63",
    "54_1400entries, 2000-06-27T17:00:00Z, stale, 14, 99, 94"
  })
  void within_an_hour_of_the_newest_vitals_they_are_used_and_the_rest_is_asked_for(
      String record, String now, String temperature, int respiration, int systolic, int pulse)
      throws Exception {
    Verdict.DataRequired verdict = (Verdict.DataRequired) negotiate(record, now);

    assertThat(reasons(verdict))
        .isEqualTo(
            Map.of("spo2", "missing", "consciousness", "missing", "temperature", temperature));
    assertThat(verdict.satisfied())
        .extracting(Input::name)
        .containsExactly("age", "respiration", "systolic", "heart_rate");
    assertThat(verdict.satisfied())
        .extracting(input -> ((Input.Value.Numeric) input.value()).number().intValueExact())
        .endsWith(respiration, systolic, pulse);
  }

  @ParameterizedTest
  @CsvSource({"03_244entries, missing", "33_544entries, stale"})
  void years_later_everything_is_stale_or_missing(String record, String temperature)
      throws Exception {
    Verdict verdict = negotiate(record, "2026-11-21T12:00:00Z");

    assertThat(reasons((Verdict.DataRequired) verdict))
        .isEqualTo(
            Map.of(
                "respiration", "stale",
                "spo2", "missing",
                "systolic", "stale",
                "heart_rate", "stale",
                "consciousness", "missing",
                "temperature", temperature));
  }

  @ParameterizedTest
  @CsvSource("00_70entries, 2024-11-17T17:00:00Z")
  void a_child_is_outside_the_population(String record, String now) throws Exception {
    assertThat(negotiate(record, now)).isInstanceOf(Verdict.NotApplicable.class);
  }
}
