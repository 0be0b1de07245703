package org.clinisandbox.sandbox.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clinisandbox.sandbox.TestModels.LIMITS;
import static org.clinisandbox.sandbox.TestModels.hostile;
import static org.clinisandbox.sandbox.TestModels.news2;
import static org.clinisandbox.sandbox.TestModels.request;
import static org.clinisandbox.sandbox.wasm.ChildJvms.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Answer.Failure;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.Exchange;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.ModelReply;
import org.clinisandbox.sandbox.Reply;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class WasmBackendTest {
  private static final WasmBackend BACKEND = ChildJvms.backend(Duration.ofSeconds(10), 256 << 20);
  private static final Limits SHORT = new Limits(16L << 20, 1, Duration.ofMillis(300), 1 << 16);
  static final String WELL =
      """
      {"respiration":{"value":21,"unit":"/min"},"spo2":{"value":93,"unit":"%"},
       "oxygen":{"value":0,"unit":"L/min"},"systolic":{"value":120,"unit":"mm[Hg]"},
       "heart_rate":{"value":95,"unit":"/min"},"consciousness":{"value":"alert"},
       "temperature":{"value":37.5,"unit":"Cel"},"age":{"value":67,"unit":"a"}}
      """
          .replace("\n", "");

  @TempDir private Path folder;

  @AfterAll
  static void end() {
    BACKEND.close();
  }

  @Test
  void a_model_answers_one_patient() throws SandboxException {
    try (Sandbox sandbox = BACKEND.start(news2(), LIMITS)) {
      assertThat(sandbox.isWaiting()).isTrue();
      assertThat(sandbox.heldBytes()).isBetween(1L, LIMITS.memoryBytes());
      assertThat(sandbox.readyTime()).isPositive();
      assertThat(reply(sandbox.ask(request(WELL))).score()).isEqualByComparingTo("5");
      assertThat(sandbox.isWaiting()).isFalse();
      assertThat(sandbox.heldBytes()).isZero();
    }
  }

  @Test
  void a_sandbox_is_asked_once() throws SandboxException {
    try (Sandbox sandbox = BACKEND.start(news2(), LIMITS)) {
      sandbox.ask(request(WELL));
      assertThatThrownBy(() -> sandbox.ask(request(WELL)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "crash,CRASHED",
    "deep-stack,CRASHED",
    "exit-nonzero,CRASHED",
    "no-reply,CRASHED",
    "eat-memory,OUT_OF_MEMORY",
    "half-reply,BAD_OUTPUT",
    "two-lines,BAD_OUTPUT",
    "huge-output,BAD_OUTPUT",
    "bad-utf8,BAD_OUTPUT",
    "spin,TIMEOUT"
  })
  void a_model_that_misbehaves_fails_by_name(String model, Failure expected)
      throws SandboxException {
    try (Sandbox sandbox = BACKEND.start(hostile(model), SHORT)) {
      assertThat(sandbox.ask(request("{}")))
          .isInstanceOfSatisfying(
              Answer.Failed.class, failed -> assertThat(failed.failure()).isEqualTo(expected));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "no-ready,flush stdout first",
    "ends-before-ready,it ended without a ready line",
    "babbles-before-ready,its first line was not"
  })
  void a_model_that_does_not_say_it_is_ready_is_not_started(String model, String why) {
    assertRefused(Kind.NOT_READY, hostile(model), LIMITS, why);
  }

  @Test
  void a_model_that_takes_too_long_to_get_ready_is_not_started() {
    try (WasmBackend impatient = ChildJvms.backend(Duration.ofMillis(200), 64 << 20)) {
      assertThatThrownBy(() -> impatient.start(hostile("spin-before-ready"), LIMITS))
          .isInstanceOfSatisfying(
              SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_READY))
          .hasMessageContaining("200 ms");
      await(() -> ChildJvms.models(impatient) == 0);
    }
  }

  @Test
  void a_model_that_imports_more_than_it_is_granted_is_refused_by_the_imports_name() {
    assertRefused(Kind.IMAGE_REFUSED, hostile("unknown-import"), LIMITS, "sock_open");
  }

  @ParameterizedTest
  @ValueSource(strings = {"opens-files", "wants-network"})
  void a_model_reaches_no_file_and_no_network(String model) throws SandboxException {
    try (Sandbox sandbox = BACKEND.start(hostile(model), LIMITS)) {
      assertThat(reply(sandbox.ask(request("{}"))).outcome()).isEqualTo("nothing");
    }
  }

  @Test
  void a_patient_leaves_nothing_for_the_next_one() throws SandboxException {
    for (int patient = 0; patient < 3; patient++) {
      try (Sandbox sandbox = BACKEND.start(hostile("residue"), LIMITS)) {
        ModelReply reply = reply(sandbox.ask(request("{}")));
        assertThat(reply.outcome()).isEqualTo("clean");
        assertThat(reply.details().path("planted").intValue()).isPositive();
      }
    }
  }

  @Test
  void a_model_has_neither_the_hosts_clock_nor_its_randomness() throws SandboxException {
    ModelReply first;
    try (Sandbox sandbox = BACKEND.start(hostile("clock"), LIMITS)) {
      first = reply(sandbox.ask(request("{}")));
    }
    assertThat(first.details().path("realtime").stringValue()).isEqualTo("0.000000000");
    assertThat(first.details().path("monotonic").stringValue()).isEqualTo("0.000000000");
    try (Sandbox sandbox = BACKEND.start(hostile("clock"), LIMITS)) {
      assertThat(reply(sandbox.ask(request("{}"))).details()).isEqualTo(first.details());
    }
  }

  @Test
  void stderr_is_kept_up_to_its_cap_and_harms_no_reply() throws SandboxException {
    try (Sandbox sandbox = BACKEND.start(hostile("stderr-flood"), LIMITS)) {
      Answer answer = sandbox.ask(request("{}"));
      assertThat(answer.stderr()).hasSize(LIMITS.outputBytes());
      assertThat(reply(answer).outcome()).isEqualTo("low");
    }
    try (Sandbox sandbox = BACKEND.start(hostile("echo-stderr"), LIMITS)) {
      byte[] request = request("{}");
      assertThat(new String(sandbox.ask(request).stderr(), StandardCharsets.UTF_8))
          .isEqualTo(new String(request, StandardCharsets.UTF_8) + "\n");
    }
  }

  @Test
  void changed_bytes_are_not_run_even_after_they_were_compiled() throws Exception {
    Path file = folder.resolve("model.wasm");
    Files.copy(((ModelImage.Wasm) news2()).file(), file);
    ModelImage.Wasm image = new ModelImage.Wasm(file, Digest.of(Files.readAllBytes(file)));
    BACKEND.start(image, LIMITS).close();
    byte[] changed = Files.readAllBytes(file);
    changed[changed.length - 1] ^= 1;
    Files.write(file, changed);
    assertRefused(Kind.DIGEST_MISMATCH, image, LIMITS, "model.wasm");
  }

  @Test
  void bytes_that_are_no_module_are_refused() throws Exception {
    Path file =
        Files.write(folder.resolve("text.wasm"), "not a module".getBytes(StandardCharsets.UTF_8));
    ModelImage image = new ModelImage.Wasm(file, Digest.of(Files.readAllBytes(file)));
    assertRefused(Kind.IMAGE_REFUSED, image, LIMITS, "magic header");
    assertRefused(
        Kind.IMAGE_REFUSED,
        new ModelImage.Wasm(folder.resolve("absent"), "sha256:"),
        LIMITS,
        "cannot be read");
    assertRefused(Kind.IMAGE_REFUSED, new ModelImage.Mock("mock/x"), LIMITS, "");
  }

  @Test
  void a_module_that_begins_with_more_memory_than_its_limit_is_refused() {
    Limits small = new Limits(64 << 10, 1, Duration.ofSeconds(1), 1 << 10);
    assertRefused(Kind.IMAGE_REFUSED, news2(), small, "limits.memory");
  }

  @Test
  void a_limit_above_what_the_process_has_for_models_is_refused() {
    try (WasmBackend poor = ChildJvms.backend(Duration.ofSeconds(10), 8 << 20)) {
      assertThatThrownBy(() -> poor.start(news2(), LIMITS))
          .isInstanceOfSatisfying(
              SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT_TOO_HIGH))
          .hasMessageContainingAll("limits.memory of 16 MiB", "the 8 MiB", "-Xmx");
    }
  }

  @Test
  void models_that_run_at_one_time_stay_within_the_memory_budget_together() throws Exception {
    WasmBackend narrow = ChildJvms.backend(Duration.ofSeconds(10), LIMITS.memoryBytes());
    Sandbox first = narrow.start(hostile("spin"), LIMITS);
    Sandbox second = narrow.start(news2(), LIMITS);
    FutureTask<Answer> spinning = new FutureTask<>(() -> first.ask(request("{}")));
    Thread.startVirtualThread(spinning);
    await(() -> !first.isWaiting());
    FutureTask<Answer> waiting = new FutureTask<>(() -> second.ask(request(WELL)));
    Thread asker = Thread.ofPlatform().start(waiting);
    await(() -> asker.getState() == Thread.State.WAITING || waiting.isDone());
    assertThat(second.isWaiting()).isTrue();
    first.close();
    assertThat(reply(waiting.get()).score()).isEqualByComparingTo("5");
    assertThat(spinning.get())
        .isInstanceOfSatisfying(
            Answer.Failed.class,
            failed -> assertThat(failed.failure()).isEqualTo(Failure.CANCELLED));
    second.close();
    narrow.close();
  }

  @Test
  void an_interrupted_caller_gets_its_answer_at_once_and_keeps_its_interruption() throws Exception {
    try (Sandbox sandbox = BACKEND.start(hostile("spin"), LIMITS)) {
      Thread.currentThread().interrupt();
      Answer answer = sandbox.ask(request("{}"));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(answer)
          .isInstanceOfSatisfying(
              Answer.Failed.class,
              failed -> assertThat(failed.failure()).isEqualTo(Failure.CANCELLED));
    }
  }

  @Test
  void closing_ends_the_thread_of_a_model_that_waits_or_spins_and_may_be_done_twice()
      throws SandboxException {
    for (int i = 0; i < 300; i++) {
      Sandbox sandbox = BACKEND.start(news2(), LIMITS);
      await(() -> ChildJvms.models(BACKEND) == 1);
      sandbox.close();
      sandbox.close();
      assertThat(sandbox.isWaiting()).isFalse();
      await(() -> ChildJvms.models(BACKEND) == 0);
    }
    try (Sandbox sandbox = BACKEND.start(hostile("spin"), SHORT)) {
      sandbox.ask(request("{}"));
      await(() -> ChildJvms.models(BACKEND) == 0);
    }
  }

  @Test
  void the_backend_proves_itself_with_a_module_of_its_own() {
    assertThat(BACKEND.probe())
        .satisfies(
            probe -> {
              assertThat(probe.available()).isTrue();
              assertThat(probe.ready()).isPositive();
              assertThat(probe.remedy()).isNull();
            });
    try (WasmBackend poor = ChildJvms.backend(Duration.ofSeconds(10), 0)) {
      assertThat(poor.probe())
          .satisfies(
              probe -> {
                assertThat(probe.available()).isFalse();
                assertThat(probe.remedy()).isNotNull();
              });
    }
  }

  private static void assertRefused(Kind kind, ModelImage image, Limits limits, String message) {
    assertThatThrownBy(() -> BACKEND.start(image, limits))
        .isInstanceOfSatisfying(SandboxException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(message);
  }

  static ModelReply reply(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Replied.class);
    Reply reply =
        Exchange.read(Protocol.JSON_LINES, ((Answer.Replied) answer).line(), Manifest.Output.ANY);
    assertThat(reply).isInstanceOf(Reply.Good.class);
    return ((Reply.Good) reply).reply();
  }
}
