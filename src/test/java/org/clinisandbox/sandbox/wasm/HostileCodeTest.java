package org.clinisandbox.sandbox.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clinisandbox.sandbox.TestModels.LIMITS;
import static org.clinisandbox.sandbox.TestModels.request;
import static org.clinisandbox.sandbox.wasm.HostileModules.OWN_FUNCTION;
import static org.clinisandbox.sandbox.wasm.HostileModules.after;
import static org.clinisandbox.sandbox.wasm.HostileModules.write;
import static org.clinisandbox.sandbox.wasm.TinyModule.*;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Answer.Failure;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules that no compiler makes: each goes for one weak place of an engine. */
@Timeout(120)
class HostileCodeTest {
  private static final WasmBackend BACKEND = ChildJvms.backend(Duration.ofMillis(500), 256 << 20);
  private static final Limits SHORT = new Limits(16L << 20, 1, Duration.ofMillis(300), 1 << 16);

  /** The most that a model may run on after its deadline, with room for a busy machine. */
  private static final Duration OVERRUN = Duration.ofMillis(1500);

  @TempDir private Path folder;

  @AfterAll
  static void end() {
    BACKEND.close();
  }

  static Stream<Arguments> endless() {
    return HostileModules.endless().entrySet().stream()
        .map(module -> Arguments.of(module.getKey(), module.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("endless")
  void whatever_never_ends_is_ended_at_its_deadline(String what, TinyModule module)
      throws Exception {
    try (Sandbox sandbox = BACKEND.start(module.in(folder), SHORT)) {
      long asked = System.nanoTime();
      assertFailed(Failure.TIMEOUT, sandbox.ask(request("{}")));
      assertThat(Duration.ofNanos(System.nanoTime() - asked))
          .isLessThan(SHORT.timeout().plus(OVERRUN));
      ChildJvms.await(() -> ChildJvms.models(BACKEND) == 0);
    }
  }

  @Test
  void a_module_that_spins_while_it_is_instantiated_is_ended_too() {
    assertNotStarted(Kind.NOT_READY, new TinyModule(loop()).startsItself(), "500 ms");
    ChildJvms.await(() -> ChildJvms.models(BACKEND) == 0);
  }

  @Test
  void a_length_that_no_heap_could_hold_takes_none() throws Exception {
    byte[] hugeRead =
        join(
            i32(FREE_VECTOR),
            i32(1024),
            store32(),
            i32(FREE_VECTOR + 4),
            i32(-1),
            store32(),
            i32(0),
            i32(FREE_VECTOR),
            i32(1),
            i32(24),
            call(0),
            drop());
    assertThat(ask(new TinyModule(ready(), hugeRead, reply()))).isInstanceOf(Answer.Replied.class);
    byte[] hugeRandom = join(i32(0), i32(Integer.MAX_VALUE), call(2), drop());
    assertFailed(Failure.CRASHED, ask(after(hugeRandom)));
  }

  @Test
  void a_model_that_calls_with_no_stack_left_harms_no_later_one() throws Exception {
    TinyModule module =
        after(i32(0), call(OWN_FUNCTION), drop())
            .function(write(2, 16, 1), bytes(0x20, 0), call(OWN_FUNCTION));
    for (int patient = 0; patient < 5; patient++) {
      assertFailed(Failure.CRASHED, ask(module));
    }
    assertThat(ask(after())).isInstanceOf(Answer.Replied.class);
  }

  @Test
  void memory_beyond_the_limit_is_refused_even_when_the_model_spins_afterwards() throws Exception {
    byte[] greedy = join(i32(1000), bytes(0x40, 0), drop(), loop());
    TinyModule module = after(greedy).memories(join(bytes(0), leb(1)));
    // Long enough for a busy machine to come to the refusal.
    Limits longer = new Limits(SHORT.memoryBytes(), 1, Duration.ofSeconds(3), SHORT.outputBytes());
    try (Sandbox sandbox = BACKEND.start(module.in(folder), longer)) {
      assertFailed(Failure.OUT_OF_MEMORY, sandbox.ask(request("{}")));
    }
  }

  @Test
  void a_model_that_bears_a_refusal_of_memory_may_answer() throws Exception {
    byte[] greedy = join(i32(1000), bytes(0x40, 0), drop());
    assertThat(ask(after(greedy))).isInstanceOf(Answer.Replied.class);
  }

  @Test
  void a_table_is_as_long_for_each_patient_as_the_module_says() throws Exception {
    byte[] size = bytes(0xfc, 0x10, 0);
    byte[] grow = join(bytes(0xd0, 0x70), i32(3), bytes(0xfc, 0x0f, 0), drop());
    TinyModule module =
        new TinyModule(ready(), readRequest(), replyDigit(size), grow, reply()).table(2);
    var image = module.in(folder);
    for (int patient = 0; patient < 3; patient++) {
      try (Sandbox sandbox = BACKEND.start(image, LIMITS)) {
        assertThat(sandbox.ask(request("{}")))
            .isInstanceOfSatisfying(
                Answer.Replied.class,
                replied -> assertThat(replied.line()).asString().isEqualTo("{\"outcome\":2}"));
      }
    }
  }

  @Test
  void a_table_cannot_grow_without_bound() throws Exception {
    byte[] grow =
        join(bytes(0xd0, 0x70), i32(5_000_000), bytes(0xfc, 0x0f, 0), i32(-1), bytes(0x46));
    TinyModule module = new TinyModule(ready(), readRequest(), replyDigit(grow), reply()).table(2);
    assertThat(ask(module))
        .isInstanceOfSatisfying(
            Answer.Replied.class,
            replied -> assertThat(replied.line()).asString().isEqualTo("{\"outcome\":1}"));
  }

  @Test
  void words_before_the_request_spoil_the_sandbox() throws Exception {
    TinyModule module = new TinyModule(ready(), reply(), readRequest());
    try (Sandbox sandbox = BACKEND.start(module.in(folder), LIMITS)) {
      while (sandbox.isWaiting()) {
        assertThat(Thread.interrupted()).as("the test's time is up").isFalse();
        Thread.onSpinWait();
      }
      assertFailed(Failure.BAD_OUTPUT, sandbox.ask(request("{}")));
    } catch (SandboxException e) {
      assertThat(e.kind()).isEqualTo(Kind.NOT_READY);
    }
  }

  @Test
  void a_second_line_is_bad_output_even_in_the_same_write() throws Exception {
    byte[] longer = join(i32(20), i32(15), store32());
    assertFailed(Failure.BAD_OUTPUT, ask(after(longer)));
    assertNotStarted(
        Kind.NOT_READY,
        new TinyModule(i32(4), i32(16), store32(), ready(), readRequest(), reply()),
        "more than one line");
  }

  @Test
  void features_whose_memory_nobody_counts_are_refused() {
    assertNotStarted(Kind.IMAGE_REFUSED, after().memories(bytes(0, 1), bytes(0, 1)), "2 memories");
    assertNotStarted(Kind.IMAGE_REFUSED, after().memories(bytes(3, 1, 1)), "shared memory");
    assertNotStarted(Kind.IMAGE_REFUSED, after().table(70_000), "65536 entries");
    byte[] array = bytes(0x5e, 0x7f, 1);
    byte[] types = vector(type("iiii", "i"), type("ii", "i"), type("", ""), type("i", "i"), array);
    assertNotStarted(Kind.IMAGE_REFUSED, after().section(1, types), "garbage-collected");
    byte[][] globals = new byte[10_001][];
    java.util.Arrays.fill(globals, bytes(0x7f, 0, 0x41, 0, 0x0b));
    assertNotStarted(Kind.IMAGE_REFUSED, after().section(6, vector(globals)), "globals");
    byte[][] tables = new byte[5][];
    java.util.Arrays.fill(tables, bytes(0x70, 0, 1));
    assertNotStarted(Kind.IMAGE_REFUSED, after().section(4, vector(tables)), "tables");
  }

  @Test
  void tail_calls_which_no_interruption_ends_are_refused() {
    byte[] tailCall = join(bytes(0x20, 0, 0x12), leb(OWN_FUNCTION));
    assertNotStarted(
        Kind.IMAGE_REFUSED,
        after(i32(0), call(OWN_FUNCTION), drop()).function(tailCall),
        "RETURN_CALL");
  }

  @Test
  void an_import_of_another_kind_module_or_type_is_refused() {
    byte[] read = imported("wasi_snapshot_preview1", "fd_read", 0);
    byte[] write = imported("wasi_snapshot_preview1", "fd_write", 0);
    byte[] random = imported("wasi_snapshot_preview1", "random_get", 1);
    byte[] foreign = imported("env", "fd_read", 0);
    byte[] mistyped = imported("wasi_snapshot_preview1", "random_get", 0);
    byte[] table = join(name("env"), name("table"), bytes(1, 0x70, 0, 1));
    assertThat(after().section(2, vector(read, write, random)).assemble())
        .isEqualTo(after().assemble());
    assertNotStarted(
        Kind.IMAGE_REFUSED, after().section(2, vector(foreign, write, random)), "env.fd_read");
    assertNotStarted(
        Kind.IMAGE_REFUSED, after().section(2, vector(read, write, mistyped)), "random_get");
    assertNotStarted(
        Kind.IMAGE_REFUSED, after().section(2, vector(read, write, random, table)), "env.table");
  }

  @Test
  void a_module_without_a_start_of_the_right_kind_is_refused() {
    assertNotStarted(Kind.IMAGE_REFUSED, after().section(7, vector()), "_start");
    byte[] wrong = vector(join(name("_start"), bytes(0, OWN_FUNCTION)));
    assertNotStarted(
        Kind.IMAGE_REFUSED, after().function(bytes(0x20, 0)).section(7, wrong), "_start");
  }

  private Answer ask(TinyModule module) throws IOException, SandboxException {
    try (Sandbox sandbox = BACKEND.start(module.in(folder), LIMITS)) {
      return sandbox.ask(request("{}"));
    }
  }

  private void assertNotStarted(Kind kind, TinyModule module, String message) {
    assertThatThrownBy(() -> BACKEND.start(module.in(folder), LIMITS))
        .isInstanceOfSatisfying(SandboxException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(message);
  }

  private static void assertFailed(Failure expected, Answer answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Failed.class, failed -> assertThat(failed.failure()).isEqualTo(expected));
  }
}
