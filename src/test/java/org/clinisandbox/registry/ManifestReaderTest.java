package org.clinisandbox.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.registry.Requirement.AnsweredBy;
import org.clinisandbox.registry.Requirement.CodedAnswer;
import org.clinisandbox.registry.Requirement.DefaultValue;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ManifestReaderTest {
  private static final String FULL =
      """
      key: sepsis
      version: "2.0.0"
      name: NEWS2 early warning score
      image: wasm:models/news2/news2.wasm
      protocol: json-lines
      isolation: { minimum: gvisor }
      limits: { memory: 512Mi, cpu: 2, timeout: PT1.5S, output: 64Ki }
      population: { age: { low: 16 }, sex: [female, male] }
      required_patient: [sex, age]
      required_observations:
        - name: temperature
          code: "8310-5"
          accepts: ["8331-1"]
          display: Body temperature
          unit: Cel
          range: { low: 25, high: 45 }
          max_age: PT24H
          tolerance: 0.2
          statuses: [preliminary]
          ask: How warm?
          answered_by: nurse
        - { name: oxygen_flow, code: "3151-8", unit: "L/min", mandatory: false, default: 0 }
        - name: consciousness
          code: "67775-7"
          mandatory: false
          default: alert
          coded:
            allowed:
              - { system: "http://loinc.org", code: LA9340-6, display: Alert, value: alert }
      output:
        outcome: { system: "http://loinc.org", code: 98979-8, display: Score }
        score: { low: 0, high: 20 }
        unit: "{score}"
      cases:
        - { name: one, inputs: { temperature: 37.5, age: 40 }, expect: { score: 5 }, tolerance: 0.1 }
      card: { intended_use: Adults in hospital., funding: None. }
      """;

  private static final String MINIMAL =
      """
      key: m
      version: "1"
      name: M
      image: mock/m
      """;

  private static Manifest read(String yaml) {
    return switch (ManifestReader.read(ManifestReader.fromYaml(yaml.getBytes(UTF_8)))) {
      case ManifestReading.Read(Manifest manifest) -> manifest;
      case ManifestReading.Refused(List<Mistake> mistakes) ->
          throw new AssertionError(mistakes.toString());
    };
  }

  private static List<Mistake> mistakes(String yaml) {
    return switch (ManifestReader.read(ManifestReader.fromYaml(yaml.getBytes(UTF_8)))) {
      case ManifestReading.Read r -> List.of();
      case ManifestReading.Refused(List<Mistake> mistakes) -> mistakes;
    };
  }

  private static List<Mistake> mistakesOfObservation(String flow) {
    return mistakes(MINIMAL + "required_observations: [" + flow + "]");
  }

  @Test
  void a_full_manifest_is_read_whole() {
    Manifest manifest = read(FULL);
    assertThat(manifest.key()).isEqualTo("sepsis");
    assertThat(manifest.version()).isEqualTo("2.0.0");
    assertThat(manifest.name()).isEqualTo("NEWS2 early warning score");
    assertThat(manifest.image()).isEqualTo("wasm:models/news2/news2.wasm");
    assertThat(manifest.minimum()).isEqualTo(Isolation.GVISOR);
    assertThat(manifest.limits())
        .isEqualTo(new Limits(512L << 20, 2, Duration.ofMillis(1500), 64 << 10));
    assertThat(manifest.population())
        .isEqualTo(
            new Manifest.Population(
                new Range(BigDecimal.valueOf(16), null), Set.of("female", "male")));
    assertThat(manifest.output())
        .isEqualTo(
            new Manifest.Output(
                new Coding("http://loinc.org", "98979-8", "Score"),
                new Range(BigDecimal.ZERO, BigDecimal.valueOf(20)),
                "{score}",
                null));
    assertThat(manifest.card())
        .containsEntry("intended_use", "Adults in hospital.")
        .containsEntry("funding", "None.");
    assertThat(manifest.cases()).hasSize(1);
    assertThat(manifest.cases().getFirst().tolerance()).isEqualByComparingTo("0.1");
    assertThat(manifest.cases().getFirst().inputs().get("temperature").decimalValue())
        .isEqualByComparingTo("37.5");
  }

  @Test
  void requirements_keep_their_order_and_patient_facts_come_first() {
    assertThat(read(FULL).requirements())
        .extracting(Requirement::name)
        .containsExactly("sex", "age", "temperature", "oxygen_flow", "consciousness");
    assertThat(read(FULL).requirements())
        .first()
        .isEqualTo(new OfPatient(OfPatient.Item.SEX, true, null));
  }

  @Test
  void an_observation_is_read_whole() {
    assertThat(read(FULL).requirements().get(2))
        .isEqualTo(
            new OfObservation(
                "temperature",
                Coding.LOINC,
                "8310-5",
                List.of("8331-1"),
                "Body temperature",
                true,
                "Cel",
                new Range(BigDecimal.valueOf(25), BigDecimal.valueOf(45)),
                Duration.ofHours(24),
                new BigDecimal("0.2"),
                Set.of("final", "amended", "corrected", "preliminary"),
                null,
                List.of(),
                null,
                new LocalText(Map.of(Locale.ROOT, "How warm?")),
                AnsweredBy.NURSE));
  }

  @Test
  void an_observation_needs_little() {
    assertThat(read(FULL).requirements().get(3))
        .isEqualTo(
            new OfObservation(
                "oxygen_flow",
                Coding.LOINC,
                "3151-8",
                List.of(),
                "Oxygen flow",
                false,
                "L/min",
                null,
                null,
                BigDecimal.ZERO,
                Set.of("final", "amended", "corrected"),
                new DefaultValue.Numeric(BigDecimal.ZERO),
                List.of(),
                null,
                null,
                AnsweredBy.CLINICIAN));
  }

  @Test
  void coded_answers_stand_for_words() {
    assertThat(read(FULL).requirements().get(4))
        .asInstanceOf(type(OfObservation.class))
        .satisfies(
            coded -> {
              assertThat(coded.coded())
                  .containsExactly(
                      new CodedAnswer("http://loinc.org", "LA9340-6", "Alert", "alert"));
              assertThat(coded.defaultValue()).isEqualTo(new DefaultValue.Word("alert"));
            });
  }

  @Test
  void what_is_left_out_has_its_default() {
    Manifest manifest = read(MINIMAL.replace("mock/m", "wasm:m.wasm"));
    assertThat(manifest.minimum()).isEqualTo(Isolation.WASM);
    assertThat(manifest.limits()).isEqualTo(Limits.DEFAULT);
    assertThat(manifest.population()).isEqualTo(Manifest.Population.ANY);
    assertThat(manifest.output()).isEqualTo(Manifest.Output.ANY);
    assertThat(manifest.requirements()).isEmpty();
  }

  @Test
  void a_mock_image_runs_at_no_isolation_and_may_not_ask_for_one() {
    assertThat(read(MINIMAL).minimum()).isEqualTo(Isolation.NONE);
    assertThat(mistakes(MINIMAL + "isolation: { minimum: wasm }"))
        .extracting(Mistake::path)
        .containsExactly("isolation");
  }

  @Test
  void all_mistakes_are_reported_at_once_with_their_places() {
    String yaml =
        FULL.replace("memory: 512Mi", "memory: lots")
            .replace("unit: Cel", "unit: degrees C")
            .replace("minimum: gvisor", "minimum: none")
            .replace("\"3151-8\"", "\"3151-7\"")
            .replace("{ temperature: 37.5", "{ temperatur: 37.5")
            .replace("key: sepsis", "key: Sepsis");
    assertThat(mistakes(yaml))
        .extracting(Mistake::path)
        .containsExactly(
            "key",
            "isolation.minimum",
            "limits.memory",
            "required_observations[0].unit",
            "required_observations[1].code",
            "cases[0].inputs.temperatur");
  }

  @ParameterizedTest
  @CsvSource({"versions, version", "required_observation, required_observations", "Card, card"})
  void an_unknown_key_is_named_with_the_nearest_known_one(String key, String nearest) {
    assertThat(mistakes(MINIMAL + key + ": x"))
        .containsExactly(
            new Mistake(key, "is not a key of a manifest here; did you mean " + nearest + "?"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zzzzz", "qqqqq"})
  void a_key_with_nothing_near_it_is_only_named(String key) {
    assertThat(mistakes(MINIMAL + key + ": []"))
        .containsExactly(new Mistake(key, "is not a key of a manifest here"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unitt: Cel", "zzzzz: 1"})
  void unknown_keys_of_an_observation_are_mistakes(String key) {
    assertThat(mistakesOfObservation("{ name: x, code: \"2160-0\", " + key + " }"))
        .extracting(Mistake::path)
        .containsExactly("required_observations[0]." + key.substring(0, key.indexOf(':')));
  }

  @Test
  void a_tree_that_holds_no_real_number_is_refused() {
    ObjectNode tree = ManifestReader.fromYaml(MINIMAL.getBytes(UTF_8)).asObject();
    tree.putObject("population").putObject("age").put("low", Double.NaN).put("high", 1 / 0.0);
    assertThat(ManifestReader.read(tree))
        .asInstanceOf(type(ManifestReading.Refused.class))
        .extracting(refused -> refused.mistakes().stream().map(Mistake::path).toList())
        .isEqualTo(List.of("population.age.low", "population.age.high"));
  }

  @Test
  void a_long_unknown_key_is_cut() {
    assertThat(mistakes(MINIMAL + "z".repeat(100) + ": 1"))
        .extracting(Mistake::path)
        .containsExactly("z".repeat(64) + "…");
  }

  @Test
  void an_unquoted_version_is_refused_with_a_hint() {
    assertThat(mistakes(MINIMAL.replace("\"1\"", "1.10")))
        .containsExactly(
            new Mistake(
                "version",
                "must be a string: put it in quotes (without them 1.10 is the number 1.1)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sagemaker", "open-inference-v2", "xml"})
  void a_module_speaks_json_lines_alone(String protocol) {
    assertThat(mistakes(MINIMAL + "protocol: " + protocol))
        .extracting(Mistake::path)
        .containsExactly("protocol");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wasm:models/a.wasm",
        "wasm:a.wasm@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "oci:registry.example:5000/a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "oci:models/a/image",
        "oci:registry.example/a:latest",
        "mock/sepsis"
      })
  void images_have_three_forms(String image) {
    assertThat(mistakes(MINIMAL.replace("mock/m", image))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.wasm",
        "wasm:/etc/a.wasm",
        "wasm:../a.wasm",
        "wasm:a/../../b.wasm",
        "wasm:a/..",
        "wasm:a.wasm@sha256:0123",
        "wasm:a b.wasm",
        "oci:registry.example/a@sha256:0123",
        "mock/",
        "mock/../x",
        "docker:x"
      })
  void other_images_are_refused(String image) {
    assertThat(mistakes(MINIMAL.replace("mock/m", "\"" + image + "\"")))
        .extracting(Mistake::path)
        .containsExactly("image");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000-0", "8310-4", "8310", "LA9340-6", "12345678-0", "83105"})
  void codes_must_be_loinc_with_their_check_digit(String code) {
    assertThat(mistakesOfObservation("{ name: x, code: \"" + code + "\" }"))
        .extracting(Mistake::path)
        .containsExactly("required_observations[0].code");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "mm[Hg]", "10*9/L", "{score}", "mL/min/{1.73_m2}", "1", "(a.b)/s"})
  void units_that_look_like_ucum_pass(String unit) {
    assertThat(mistakesOfObservation("{ name: x, code: \"2160-0\", unit: \"" + unit + "\" }"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mm Hg", "mm[Hg", "mm]Hg[", "{{a}}", "a)b(", "°C", "µg"})
  void units_that_do_not_look_like_ucum_are_refused(String unit) {
    assertThat(mistakesOfObservation("{ name: x, code: \"2160-0\", unit: \"" + unit + "\" }"))
        .extracting(Mistake::path)
        .containsExactly("required_observations[0].unit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "range: { low: 1 }|range",
        "tolerance: 1|tolerance",
        "default: 1, mandatory: false|default",
        "unit: g, range: { low: 2, high: 1 }|range",
        "unit: g, range: {}|range",
        "unit: g, range: { low: 1e99 }|range.low",
        "unit: g, range: { low: 1234567890123456789012345678901 }|range.low",
        "unit: g, tolerance: -1|tolerance",
        "unit: g, default: 1|default",
        "unit: g, mandatory: false, default: 5, range: { high: 4 }|default",
        "unit: g, mandatory: false, default: alert|default",
        "mandatory: \"yes\"|mandatory",
        "max_age: 24h|max_age",
        "max_age: P1Y|max_age",
        "max_age: PT0S|max_age",
        "max_age: P99999D|max_age",
        "accepts: [\"2160-0\"]|accepts",
        "accepts: [\"38483-4\", \"38483-4\"]|accepts[1]",
        "statuses: [entered-in-error]|statuses[0]",
        "answered_by: doctor|answered_by",
        "ask: \"\"|ask",
        "ask: \"a\\nb\"|ask",
        "coded: { allowed: [] }|coded.allowed",
        "coded: { allowed: [ { system: x, code: a, value: b } ] }|coded.allowed[0].system",
        "coded: { allowed: [ { system: a:b, code: a, value: b }, { system: a:b, code: a, value: c } ] }|coded.allowed[1].code"
      })
  void each_field_of_an_observation_is_checked(String field, String path) {
    assertThat(mistakesOfObservation("{ name: x, code: \"2160-0\", " + field + " }"))
        .extracting(Mistake::path)
        .containsExactly("required_observations[0]." + path);
  }

  @Test
  void a_question_is_at_most_300_characters() {
    assertThat(mistakesOfObservation("{ name: x, code: \"2160-0\", ask: " + "a".repeat(300) + " }"))
        .isEmpty();
    assertThat(mistakesOfObservation("{ name: x, code: \"2160-0\", ask: " + "a".repeat(301) + " }"))
        .hasSize(1);
  }

  @Test
  void coded_answers_exclude_numbers() {
    String allowed = "coded: { allowed: [ { system: \"http://a\", code: a, value: b } ] }";
    assertThat(
            mistakesOfObservation(
                "{ name: x, code: \"2160-0\", unit: g, tolerance: 1, range: { low: 1 }, "
                    + allowed
                    + " }"))
        .extracting(Mistake::path)
        .containsExactly(
            "required_observations[0].unit",
            "required_observations[0].range",
            "required_observations[0].tolerance");
    assertThat(
            mistakesOfObservation(
                "{ name: x, code: \"2160-0\", mandatory: false, default: c, " + allowed + " }"))
        .extracting(Mistake::path)
        .containsExactly("required_observations[0].default");
  }

  @Test
  void names_are_unique_over_all_requirements() {
    assertThat(
            mistakes(
                MINIMAL
                    + """
                    required_patient: [age]
                    required_observations:
                      - { name: a, code: "2160-0" }
                      - { name: a, code: "2160-0" }
                      - { name: age, code: "2160-0" }
                    """))
        .extracting(Mistake::path)
        .containsExactly("required_observations[1].name", "required_observations[2].name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limits: { cpu: 0 }|limits.cpu",
        "limits: { cpu: 1.5 }|limits.cpu",
        "limits: { memory: 1Ki }|limits.memory",
        "limits: { timeout: PT2H }|limits.timeout",
        "limits: { output: 1Gi }|limits.output",
        "population: { sex: [unknown] }|population.sex[0]",
        "population: { sex: [] }|population.sex",
        "population: { age: 16 }|population.age",
        "required_patient: [weight]|required_patient[0]",
        "required_patient: [{ name: weight }]|required_patient[0].name",
        "required_patient: [{ name: race, mandatory: 1 }]|required_patient[0].mandatory",
        "required_patient: [{ name: race, ask: { de-DE-: x } }]|required_patient[0].ask.de-DE-",
        "required_patient: [{ name: race, ask: {} }]|required_patient[0].ask",
        "required_conditions: [ { name: a, codes: [], absent: ask } ]|required_conditions[0].codes",
        "required_conditions: [ { name: a, codes: [ { system: 'urn:x', code: c } ] } ]|required_conditions[0].absent",
        "required_conditions: [ { name: a, codes: [ { system: 'urn:x', code: c } ], absent: maybe } ]|required_conditions[0].absent",
        "required_conditions: [ { name: a, codes: [ { system: 'urn:x', code: c }, { system: 'urn:x', code: c } ], absent: ask } ]|required_conditions[0].codes",
        "required_medications: [ { name: a, codes: [ { code: c } ], absent: ask } ]|required_medications[0].codes[0].system",
        "any_of: [ { name: g, inputs: [a, b] } ]|any_of[0].inputs[0] any_of[0].inputs[1]",
        "required_observations: [ { name: a, code: '2160-0', count: 0 } ]|required_observations[0].count",
        "required_observations: [ { name: a, code: '2160-0', count: 1.5 } ]|required_observations[0].count",
        "required_observations: [ { name: a, code: '2160-0', spacing: PT48H } ]|required_observations[0].spacing",
        "required_observations: [ { name: a, code: '2160-0', count: 1, spacing: PT48H } ]|required_observations[0].spacing",
        "required_observations: [ { name: a, code: '2160-0', unit: mg/dL, count: 2, mandatory: false, default: 1 } ]|required_observations[0].default",
        "required_observations: [ { name: a, code: '2160-0', count: 3, spacing: PT48H, max_age: PT95H } ]|required_observations[0].max_age",
        "required_observations: [ { name: age, code: '2160-0' } ]|required_observations[0].name",
        "required_conditions: [ { name: race, codes: [ { system: 'urn:x', code: c } ], absent: ask } ]|required_conditions[0].name",
        "rules: [ { expression: '1 = ', message: m } ]|rules[0].expression",
        "rules: [ { expression: '%missing > 1', message: m } ]|rules[0].expression",
        "rules: [ { expression: 'true' } ]|rules[0].message",
        "rules: [ { expression: \"'a'.matches('(a+)+b')\", message: m } ]|rules[0].expression",
        "settings: [ { name: a.b, allowed: [x], default: y } ]|settings[0].default",
        "settings: [ { name: A, allowed: [x], default: x } ]|settings[0].name",
        "settings: [ { name: a, allowed: [x], default: x }, { name: a, allowed: [x], default: x } ]|settings[1].name",
        "cases: [ { name: a, inputs: {}, expect: {}, settings: { zzz: x } } ]|cases[0].settings.zzz",
        "required_patient: [age, age]|required_patient[1]",
        "required_observations: 5|required_observations",
        "cases: [ { name: a, inputs: {} } ]|cases[0].expect",
        "cases: [ { name: a, inputs: {}, expect: {} }, { name: a, inputs: {}, expect: {} } ]|cases[1].name",
        "card: { funding: x }|card.intended_use",
        "card: { intended_use: 5 }|card.intended_use"
      })
  void each_part_of_a_manifest_is_checked(String part, String path) {
    assertThat(mistakes(MINIMAL + part)).extracting(Mistake::path).containsExactly(path.split(" "));
  }

  private static final String WHOLE =
      """
      required_patient: [age, { name: race, mandatory: false, ask: { en: "Race?", de: "Ethnie?" } }]
      required_observations:
        - { name: creatinine, code: "2160-0", unit: mg/dL, count: 2, spacing: PT48H }
        - { name: acr, code: "9318-7", unit: mg/g }
        - { name: pcr, code: "2890-2", unit: mg/g }
      required_conditions:
        - { name: diabetes, codes: [ { system: "http://snomed.info/sct", code: "44054006", display: "Type 2" } ], absent: "false" }
      required_medications:
        - { name: treated, display: Antihypertensive, codes: [ { system: "urn:x", code: c } ], absent: ask, answered_by: clinician }
      any_of: [ { name: albuminuria, inputs: [acr, pcr] } ]
      rules: [ { expression: "%creatinine < 10", message: "Too much." } ]
      settings: [ { name: kfre.region, allowed: [elsewhere, north-america], default: elsewhere } ]
      cases: [ { name: c, inputs: { creatinine: 1 }, settings: { kfre.region: north-america }, expect: {} } ]
      """;

  @Test
  void a_whole_manifest_keeps_its_parts_and_their_order() {
    Manifest whole = read(MINIMAL + WHOLE);
    assertThat(whole.requirements())
        .extracting(Requirement::name)
        .containsExactly(
            "age", "race", "creatinine", "diabetes", "treated", "albuminuria", "rule_1");
    assertThat(whole.inputs())
        .extracting(Requirement::name)
        .containsExactly("age", "race", "creatinine", "diabetes", "treated", "acr", "pcr");
    assertThat(whole.requirements())
        .extracting(Requirement::mandatory)
        .containsExactly(true, false, true, false, true, true, true);
    assertThat(whole.requirements().get(2))
        .asInstanceOf(type(OfObservation.class))
        .extracting(OfObservation::series)
        .isEqualTo(new Requirement.Series(2, Duration.ofDays(2)));
    assertThat(whole.requirements().get(5))
        .asInstanceOf(type(Requirement.OfGroup.class))
        .satisfies(
            group ->
                assertThat(group.options())
                    .extracting(Requirement::name, Requirement::mandatory)
                    .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("acr", false),
                        org.assertj.core.groups.Tuple.tuple("pcr", false)));
    assertThat(whole.settings())
        .containsExactly(
            new Manifest.ModelSetting(
                "kfre.region", List.of("elsewhere", "north-america"), "elsewhere"));
    assertThat(whole.cases().getFirst().settings())
        .isEqualTo(Map.of("kfre.region", "north-america"));
  }

  @Test
  void a_question_is_put_in_the_language_that_is_liked_best() {
    LocalText ask = Objects.requireNonNull(read(MINIMAL + WHOLE).requirements().get(1).ask());
    assertThat(ask.in(Locale.LanguageRange.parse("fr, de-AT;q=0.8"))).isEqualTo("Ethnie?");
    assertThat(ask.in(Locale.LanguageRange.parse("fr"))).isEqualTo("Race?");
    assertThat(ask.in(List.of())).isEqualTo("Race?");
  }

  @Test
  void names_are_unique_over_all_kinds() {
    assertThat(
            mistakes(
                MINIMAL
                    + """
                    required_patient: [age]
                    required_observations: [ { name: a, code: "2160-0" }, { name: b, code: "2160-0" } ]
                    required_conditions: [ { name: a, codes: [ { system: "urn:x", code: c } ], absent: ask } ]
                    any_of: [ { name: age, inputs: [a, b] }, { name: g, inputs: [a, b] }, { name: h, inputs: [a] } ]
                    rules: [ { name: b, expression: "true", message: m } ]
                    """))
        .extracting(Mistake::path)
        .containsExactly(
            "required_conditions[0].name",
            "any_of[0].name",
            "any_of[1].inputs[0]",
            "any_of[1].inputs[1]",
            "any_of[2].inputs[0]",
            "any_of[2].inputs",
            "rules[0].name");
  }

  @Test
  void an_input_of_a_group_is_not_mandatory_by_itself() {
    assertThat(
            mistakes(
                MINIMAL
                    + """
                    required_observations:
                      - { name: a, code: "2160-0", mandatory: true }
                      - { name: b, code: "9318-7", unit: mg/g, default: 1 }
                    any_of: [ { name: g, inputs: [a, b] } ]
                    """))
        .extracting(Mistake::path)
        .containsExactly("required_observations[0].mandatory", "required_observations[1].default");
  }

  @Test
  void every_column_is_needed() {
    assertThat(mistakes("{}"))
        .containsExactly(
            new Mistake("key", "is missing"),
            new Mistake("version", "is missing"),
            new Mistake("name", "is missing"),
            new Mistake("image", "is missing"));
    assertThat(mistakes("[]")).first().isEqualTo(new Mistake("", "must be an object"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: 1\na: 2", "a: [", "a: 1\n---\nb: 2", "a: &x 1\nb: *x", "a: .nan"})
  void yaml_with_surprises_is_refused(String yaml) {
    assertThatThrownBy(() -> ManifestReader.fromYaml(yaml.getBytes(UTF_8)))
        .isInstanceOf(MalformedManifestException.class)
        .hasMessageContaining(" at line ");
  }

  @Test
  void yaml_is_at_most_1_MiB() {
    assertThatThrownBy(() -> ManifestReader.fromYaml(new byte[(1 << 20) + 1]))
        .isInstanceOf(MalformedManifestException.class)
        .hasMessage("The manifest is bigger than 1 MiB.");
  }
}
