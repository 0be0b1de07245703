package org.clinisandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clinisandbox.sandbox.TestModels.LIMITS;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.AnsweredBy;
import org.clinisandbox.registry.Requirement.DefaultValue;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CaseRunnerTest {
  private static final String WELL =
      "\"respiration\":21,\"spo2\":93,\"systolic\":120,\"heart_rate\":95,"
          + "\"consciousness\":\"alert\",\"temperature\":37.5,\"age\":67";

  private final Backend backend = TestHost.WASM;

  @Test
  void cases_that_hold_pass_each_in_a_sandbox_of_its_own() throws SandboxException {
    assertThat(
            run(test("{" + WELL + "}", "{\"score\":5}"), test("{" + WELL + "}", "{\"score\":5}")))
        .containsExactly(new CaseResult.Passed("case"), new CaseResult.Passed("case"));
  }

  @Test
  void an_input_may_bring_its_unit_and_an_optional_one_has_its_default() throws SandboxException {
    String oxygen = "{" + WELL + ",\"oxygen\":{\"value\":2,\"unit\":\"L/min\"}}";
    assertThat(
            run(
                test(oxygen, "{\"score\":7,\"details\":{\"points\":{\"oxygen\":2}}}"),
                test("{" + WELL + "}", "{\"details\":{\"points\":{\"oxygen\":0}}}")))
        .hasOnlyElementsOfType(CaseResult.Passed.class);
  }

  @Test
  void a_case_that_does_not_hold_names_the_fields_that_differ() throws SandboxException {
    List<CaseResult> results =
        run(
            test(
                "{" + WELL + "}",
                "{\"score\":6,\"outcome\":\"low\",\"probability\":null,"
                    + "\"details\":{\"points\":{\"spo2\":1},\"absent\":1}}"));
    assertThat(results)
        .containsExactly(
            new CaseResult.Failed(
                "case",
                List.of(
                    "score: expected 6, got 5.",
                    "outcome: expected \"low\", got \"medium\".",
                    "details.points.spo2: expected 1, got 2.",
                    "details.absent: expected 1, got nothing.")));
  }

  @Test
  void numbers_may_differ_by_the_tolerance() throws SandboxException {
    assertThat(
            run(
                test("{" + WELL + "}", "{\"score\":5.5}", new BigDecimal("0.5")),
                test("{" + WELL + "}", "{\"score\":5.5}", new BigDecimal("0.4"))))
        .hasExactlyElementsOfTypes(CaseResult.Passed.class, CaseResult.Failed.class);
  }

  @Test
  void inputs_that_no_model_could_be_handed_fail_the_case_by_name() throws SandboxException {
    assertThat(run(test("{\"shoe_size\":42}", "{}"), test("{\"age\":null}", "{}")))
        .containsExactly(
            new CaseResult.Failed(
                "case", List.of("The input shoe_size is not one that the manifest requires.")),
            new CaseResult.Failed(
                "case",
                List.of(
                    "The input age is not a number, a word, true or false, nor an object of those"
                        + " with value, unit, effective and earlier.")));
  }

  @Test
  void a_setting_has_the_cases_word_or_else_its_fallback() throws SandboxException {
    String inputs = "{\"age\":65,\"sex\":\"male\",\"egfr\":30,\"uacr\":300}";
    Manifest manifest =
        manifest(
            List.of(
                new OfPatient(OfPatient.Item.AGE, true, null),
                new OfPatient(OfPatient.Item.SEX, true, null),
                observation("egfr", "mL/min/{1.73_m2}", null),
                observation("uacr", "mg/g", null)),
            List.of(
                new Manifest.ModelSetting(
                    "kfre.region", List.of("elsewhere", "north-america"), "elsewhere")),
            List.of(
                test(inputs, "{\"details\":{\"region\":\"elsewhere\"}}"),
                new Manifest.Case(
                    "chosen",
                    json(inputs),
                    Map.of("kfre.region", "north-america"),
                    json("{\"details\":{\"region\":\"north-america\"}}"),
                    BigDecimal.ZERO)));
    assertThat(
            CaseRunner.run(
                backend, manifest, TestModels.image(Path.of("models/kfre-4/kfre-4.wasm"))))
        .containsExactly(new CaseResult.Passed("case"), new CaseResult.Passed("chosen"));
  }

  @Test
  void a_model_without_a_usable_reply_fails_the_case() throws SandboxException {
    Manifest manifest = manifest(List.of(test("{}", "{}")));
    assertThat(CaseRunner.run(backend, manifest, TestModels.hostile("crash")))
        .containsExactly(
            new CaseResult.Failed("case", List.of("The model gave no reply: CRASHED.")));
    assertThat(CaseRunner.run(backend, manifest, TestModels.hostile("nan")))
        .singleElement()
        .isInstanceOfSatisfying(
            CaseResult.Failed.class,
            failed -> assertThat(failed.differences()).singleElement().asString().contains("JSON"));
  }

  @Test
  void a_model_that_cannot_be_started_stops_the_run() {
    assertThatThrownBy(
            () ->
                CaseRunner.run(
                    backend, manifest(List.of(test("{}", "{}"))), TestModels.hostile("no-ready")))
        .isInstanceOf(SandboxException.class);
  }

  private List<CaseResult> run(Manifest.Case... cases) throws SandboxException {
    return CaseRunner.run(backend, manifest(List.of(cases)), TestModels.news2());
  }

  private static Manifest.Case test(String inputs, String expect) {
    return test(inputs, expect, BigDecimal.ZERO);
  }

  private static Manifest.Case test(String inputs, String expect, BigDecimal tolerance) {
    return new Manifest.Case("case", json(inputs), Map.of(), json(expect), tolerance);
  }

  private static tools.jackson.databind.JsonNode json(String text) {
    return JsonLines.JSON.readTree(text);
  }

  private static Manifest manifest(List<Manifest.Case> cases) {
    List<Requirement> requirements = new ArrayList<>();
    requirements.add(new OfPatient(OfPatient.Item.AGE, true, null));
    requirements.add(observation("respiration", "/min", null));
    requirements.add(observation("spo2", "%", null));
    requirements.add(observation("oxygen", "L/min", new DefaultValue.Numeric(BigDecimal.ZERO)));
    requirements.add(observation("systolic", "mm[Hg]", null));
    requirements.add(observation("heart_rate", "/min", null));
    requirements.add(observation("consciousness", null, null));
    requirements.add(observation("temperature", "Cel", null));
    return manifest(requirements, List.of(), cases);
  }

  private static Manifest manifest(
      List<Requirement> requirements,
      List<Manifest.ModelSetting> settings,
      List<Manifest.Case> cases) {
    return new Manifest(
        "sample",
        "1.0.0",
        "Sample",
        "wasm:models/news2/news2.wasm",
        Protocol.JSON_LINES,
        Isolation.WASM,
        LIMITS,
        Manifest.Population.ANY,
        requirements,
        settings,
        Manifest.Output.ANY,
        cases,
        Map.of());
  }

  private static OfObservation observation(
      String name, @Nullable String unit, @Nullable DefaultValue defaultValue) {
    return new OfObservation(
        name,
        "urn:test",
        "0-0",
        List.of(),
        name,
        defaultValue == null,
        unit,
        null,
        null,
        BigDecimal.ZERO,
        OfObservation.USABLE,
        defaultValue,
        List.of(),
        null,
        null,
        AnsweredBy.NURSE);
  }
}
