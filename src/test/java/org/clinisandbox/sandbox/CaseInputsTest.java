package org.clinisandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaseInputsTest {
  private static final String CASES =
      """
      cases:
        - { name: test, inputs: INPUTS, expect: {} }
      """;
  private static final String MANIFEST =
      """
      key: sample
      version: "1.0.0"
      name: Sample
      image: wasm:sample.wasm
      required_patient: [age, { name: race, mandatory: false }]
      required_observations:
        - { name: creatinine, code: "2160-0", unit: mg/dL, count: 3, spacing: PT12H }
        - { name: oxygen, code: "3151-8", unit: L/min, mandatory: false, default: 0 }
        - { name: acr, code: "9318-7", unit: mg/g }
        - { name: pcr, code: "2890-2", unit: mg/g }
      required_conditions:
        - { name: diabetes, codes: [ { system: "http://snomed.info/sct", code: "73211009" } ], absent: "false" }
        - { name: stroke, codes: [ { system: "http://snomed.info/sct", code: "230690007" } ], absent: ask }
      any_of: [ { name: proteinuria, inputs: [acr, pcr] } ]
      rules: [ { expression: "%creatinine > 0", message: "Never shown." } ]
      """;

  @Test
  void numbers_have_the_unit_of_the_manifest_and_words_and_truths_have_none() {
    assertThat(
            inputs("{ age: 60, race: black, oxygen: 2, pcr: 30, diabetes: true, stroke: false }"))
        .containsExactly(
            Map.entry("age", new ModelInput.Quantity(new BigDecimal("60"), "a", null)),
            Map.entry("race", new ModelInput.Word("black", null)),
            Map.entry("oxygen", new ModelInput.Quantity(new BigDecimal("2"), "L/min", null)),
            Map.entry("diabetes", new ModelInput.Truth(true, null)),
            Map.entry("stroke", new ModelInput.Truth(false, null)),
            Map.entry("pcr", new ModelInput.Quantity(new BigDecimal("30"), "mg/g", null)));
  }

  @Test
  void what_a_case_leaves_out_is_assumed_where_the_manifest_says_what_silence_means() {
    assertThat(inputs("{}"))
        .containsExactly(
            Map.entry("oxygen", new ModelInput.Quantity(new BigDecimal("0"), "L/min", null)),
            Map.entry("diabetes", new ModelInput.Truth(false, null)));
  }

  @Test
  void an_object_may_bring_unit_time_and_earlier_values() {
    assertThat(
            inputs(
                    """
                    { creatinine: { value: 1.9, effective: "2026-01-01T00:00:00Z", earlier: [
                        { value: 106, unit: umol/L, effective: "2025-12-31T00:00:00Z" }, 1.1 ] } }
                    """)
                .get("creatinine"))
        .isEqualTo(
            new ModelInput.Series(
                List.of(
                    new ModelInput.Quantity(
                        new BigDecimal("1.9"), "mg/dL", Instant.parse("2026-01-01T00:00:00Z")),
                    new ModelInput.Quantity(
                        new BigDecimal("106"), "umol/L", Instant.parse("2025-12-31T00:00:00Z")),
                    new ModelInput.Quantity(new BigDecimal("1.1"), "mg/dL", null))));
    assertThat(inputs("{ diabetes: { value: true, effective: \"2026-01-01T00:00:00Z\" } }"))
        .containsEntry(
            "diabetes", new ModelInput.Truth(true, Instant.parse("2026-01-01T00:00:00Z")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ creatinine: null }",
        "{ creatinine: [1] }",
        "{ creatinine: {} }",
        "{ creatinine: { value: null } }",
        "{ creatinine: { value: 1, unit: 5 } }",
        "{ creatinine: { value: 1, units: mg/dL } }",
        "{ creatinine: { value: 1, effective: yesterday } }",
        "{ creatinine: { value: 1, effective: 5 } }",
        "{ creatinine: { value: word, unit: mg/dL } }",
        "{ creatinine: { value: true, unit: mg/dL } }",
        "{ creatinine: { value: 1, earlier: 2 } }",
        "{ creatinine: { value: 1, earlier: [word] } }",
        "{ creatinine: { value: word, earlier: [1] } }",
        "{ creatinine: { value: 1, earlier: [ { value: 2, earlier: [] } ] } }"
      })
  void what_no_model_could_be_handed_is_refused_by_the_inputs_name(String inputs) {
    assertThatThrownBy(() -> inputs(inputs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("The input creatinine is not a number");
  }

  private static Map<String, ModelInput> inputs(String yaml) {
    String text = MANIFEST + CASES.replace("INPUTS", yaml.strip());
    return switch (ManifestReader.read(
        ManifestReader.fromYaml(text.getBytes(StandardCharsets.UTF_8)))) {
      case ManifestReading.Read(var manifest) ->
          CaseInputs.of(manifest, manifest.cases().getFirst());
      case ManifestReading.Refused refused -> throw new AssertionError(refused.sentence());
    };
  }
}
