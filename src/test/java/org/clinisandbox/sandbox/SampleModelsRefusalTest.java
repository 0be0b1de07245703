package org.clinisandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.clinisandbox.sandbox.wasm.WasmBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the C models do not fully understand they refuse, and name without its value. */
class SampleModelsRefusalTest {
  private static final WasmBackend BACKEND = TestHost.WASM;
  private static final String KIDNEY =
      "{\"age\":{\"value\":60,\"unit\":\"a\"},\"sex\":{\"value\":\"male\"},"
          + "\"egfr\":{\"value\":30,\"unit\":\"mL/min/{1.73_m2}\"},"
          + "\"uacr\":{\"value\":300,\"unit\":\"mg/g\",\"earlier\":[{\"value\":\"x\"}]}}";
  private static final String HEART =
      "{\"age\":{\"value\":60,\"unit\":\"a\"},\"sex\":{\"value\":\"male\"},RACE"
          + "\"total_cholesterol\":{\"value\":200},\"hdl_cholesterol\":{\"value\":50},"
          + "\"systolic\":{\"value\":120},\"smoking\":{\"value\":\"smoker\"},"
          + "\"diabetes\":{\"value\":FLAG},\"bp_treated\":{\"value\":false}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"settings\":{},",
        "\"settings\":{\"kfre.region\":\"north-america\"},",
        "\"settings\":{\"other\":{\"deep\":[1,null]},\"kfre.region\":\"elsewhere\"},"
      })
  void a_known_region_or_none_is_taken(String settings) throws SandboxException {
    assertThat(kidney(settings)).isInstanceOf(Answer.Replied.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"settings\":{\"kfre.region\":\"the-moon\"},|unknown-word: kfre.region",
        "\"settings\":{\"kfre.region\":true},|not-a-word: kfre.region",
        "\"settings\":{\"kfre.region\":null},|not-a-word: kfre.region",
        "\"settings\":{\"a\":\"x\",\"a\":\"x\"},|malformed: request",
        "\"settings\":{},\"settings\":{},|malformed: request",
        "\"settings\":[],|malformed: request",
        "\"settings\":null,|malformed: request"
      })
  void any_other_settings_are_refused(String settings, String says) throws SandboxException {
    assertRefused(kidney(settings), says);
  }

  @Test
  void true_and_false_are_told_apart() throws SandboxException {
    assertThat(text(heart("true", ""))).contains(", diabetes.");
    assertThat(text(heart("false", ""))).contains(", no diabetes.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "null|not-a-flag: diabetes",
        "\"true\"|not-a-flag: diabetes",
        "1|not-a-flag: diabetes",
        "[true]|not-a-flag: diabetes",
        "truer|malformed: request",
        "True|malformed: request"
      })
  void what_is_neither_true_nor_false_is_refused(String flag, String says) throws SandboxException {
    assertRefused(heart(flag, ""), says);
  }

  @Test
  void a_race_of_no_known_word_is_refused() throws SandboxException {
    assertRefused(heart("true", "\"race\":{\"value\":\"martian\"},"), "unknown-word: race");
  }

  private static Answer kidney(String settings) throws SandboxException {
    return ask("kfre-4", settings, KIDNEY);
  }

  private static Answer heart(String flag, String race) throws SandboxException {
    return ask("ascvd-pce", "", HEART.replace("FLAG", flag).replace("RACE", race));
  }

  private static Answer ask(String model, String settings, String inputs) throws SandboxException {
    String request = "{\"protocol\":\"clinisandbox/1\"," + settings + "\"inputs\":" + inputs + "}";
    ModelImage image = TestModels.image(Path.of("models", model, model + ".wasm"));
    try (Sandbox sandbox = BACKEND.start(image, TestModels.LIMITS)) {
      return sandbox.ask(request.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String text(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Replied.class);
    return new String(((Answer.Replied) answer).line(), StandardCharsets.UTF_8);
  }

  private static void assertRefused(Answer answer, String says) {
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    assertThat(answer.stderr()).asString(StandardCharsets.UTF_8).isEqualTo(says + "\n");
  }
}
