package org.clinisandbox.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ManifestColumnsTest {
  private static final String POSTED =
      """
      {"id": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "name": "Sepsis V1", "key": "sepsis",
       "version": "1.0", "docker_image_path": "mock/sepsis", "accuracy": 0.98,
       "required_fhir_resources": {"required_observations": [
         {"code": "8310-5", "display": "Body Temp", "mandatory": true}]}}
      """;

  private static JsonNode json(String text) {
    return ManifestReader.fromYaml(text.getBytes(UTF_8));
  }

  private static Manifest sound(ManifestReading reading) {
    return switch (reading) {
      case ManifestReading.Read(Manifest manifest) -> manifest;
      case ManifestReading.Refused(List<Mistake> mistakes) ->
          throw new AssertionError(mistakes.toString());
    };
  }

  private static List<Mistake> mistakes(ManifestReading reading) {
    return reading instanceof ManifestReading.Refused(List<Mistake> mistakes)
        ? mistakes
        : List.of();
  }

  private static ManifestReading row(String requiredFhirResources) {
    return ManifestReader.readRow("k", "1.0", "K", "mock/k", json(requiredFhirResources));
  }

  @Test
  void the_short_form_needs_only_codes() {
    Manifest manifest = sound(ManifestReader.read(json(POSTED)));
    assertThat(manifest.image()).isEqualTo("mock/sepsis");
    OfObservation observation = (OfObservation) manifest.requirements().getFirst();
    assertThat(observation.name()).isEqualTo("body_temp");
    assertThat(observation.display()).isEqualTo("Body Temp");
    assertThat(observation.mandatory()).isTrue();
    assertThat(observation.unit()).isNull();
    assertThat(observation.maxAge()).isNull();
  }

  @Test
  void names_come_from_the_display_or_the_code_and_stay_unique() {
    Manifest manifest =
        sound(
            row(
                """
                {"required_patient": ["age"], "required_observations": [
                  {"code": "8310-5"},
                  {"code": "8310-5", "display": "Körper (°C)"},
                  {"code": "8310-5", "display": "Temp"},
                  {"code": "8310-5", "display": "temp!"},
                  {"code": "8310-5", "display": "Age"},
                  {"code": "8310-5", "display": "42"},
                  {"code": "8310-5", "name": "temp"}]}
                """));
    assertThat(manifest.requirements())
        .extracting(Requirement::name)
        .containsExactly(
            "age",
            "loinc_8310_5",
            "k_rper_c",
            "temp_2",
            "temp_3",
            "age_2",
            "loinc_8310_5_2",
            "temp");
    assertThat(((OfObservation) manifest.requirements().get(1)).display())
        .isEqualTo("LOINC 8310-5");
  }

  @Test
  void a_name_may_not_be_left_out_of_a_full_manifest() {
    assertThat(
            mistakes(
                ManifestReader.read(
                    json(
                        """
                        {key: k, version: "1", name: K, image: mock/k,
                         required_observations: [{code: "8310-5"}]}
                        """))))
        .containsExactly(new Mistake("required_observations[0].name", "is missing"));
  }

  @Test
  void mistakes_of_a_row_name_its_columns() {
    ManifestReading reading =
        ManifestReader.readRow(
            "K!",
            "x",
            "",
            "nginx",
            json("{\"required_observations\": [{\"code\": \"1-1\"}], \"key\": 1}"));
    assertThat(mistakes(reading))
        .extracting(Mistake::path)
        .containsExactly(
            "key",
            "version",
            "name",
            "docker_image_path",
            "required_fhir_resources.required_observations[0].code",
            "required_fhir_resources.key");
  }

  @Test
  void the_extra_columns_are_checked() {
    assertThat(
            mistakes(
                ManifestReader.read(json(POSTED.replace("0.98", "98").replace("a0eebc99", "a0")))))
        .extracting(Mistake::path)
        .containsExactly("id", "accuracy");
    assertThat(
            mistakes(
                ManifestReader.read(
                    json("{key: k, version: '1', name: K, docker_image_path: mock/k}"))))
        .containsExactly(new Mistake("required_fhir_resources", "is missing"));
  }

  @Test
  void a_posted_row_splits_into_its_columns() {
    ModelRow row = ManifestReader.toRow(json(POSTED));
    assertThat(row.id()).isEqualTo("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    assertThat(row.accuracy()).isEqualByComparingTo(new BigDecimal("0.98"));
    assertThat(row.requiredFhirResources()).isEqualTo(json(POSTED).get("required_fhir_resources"));
    assertReadsBack(POSTED);
  }

  @Test
  void a_full_manifest_splits_into_columns_that_read_back_the_same() {
    String full =
        """
        key: k
        version: "1.10"
        name: K
        image: wasm:k.wasm
        limits: { memory: 64Mi }
        required_patient: [age]
        required_observations:
          - { name: creatinine, code: "2160-0", unit: mg/dL, range: { low: 0.1, high: 30 } }
        card: { intended_use: Trying. }
        """;
    assertThat(ManifestReader.toRow(json(full)).requiredFhirResources().propertyNames())
        .containsExactly("limits", "required_patient", "required_observations", "card");
    assertReadsBack(full);
  }

  private static void assertReadsBack(String document) {
    ModelRow row = ManifestReader.toRow(json(document));
    assertThat(
            ManifestReader.readRow(
                row.key(), row.version(), row.name(), row.image(), row.requiredFhirResources()))
        .isEqualTo(ManifestReader.read(json(document)));
  }
}
