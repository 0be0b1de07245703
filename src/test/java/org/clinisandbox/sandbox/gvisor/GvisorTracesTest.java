package org.clinisandbox.sandbox.gvisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.sandbox.gvisor.TestModel.LIMITS;
import static org.clinisandbox.sandbox.gvisor.TestModel.word;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.contract.Requires;
import org.clinisandbox.sandbox.host.Host;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sandboxes end wholly, whatever ends them. */
class GvisorTracesTest {
  private static final long SELF = ProcessHandle.current().pid();
  @TempDir private static Path folder;
  private static TestModel model;

  /** Other tests' sandboxes, which this JVM keeps for them. */
  private static final Set<Long> OTHERS = new HashSet<>();

  private static final Set<Path> OTHER_GROUPS = new HashSet<>();

  @BeforeAll
  static void compile() throws Exception {
    model = TestModel.compiled(folder);
    try (Host host = Host.open(folder)) {
      Probe probe = new GvisorBackend(host).probe();
      Requires.that(probe.available(), probe.detail() + " " + probe.remedy());
    }
    OTHERS.addAll(Traces.below(SELF));
    OTHER_GROUPS.addAll(Traces.groups(SELF));
  }

  /** The processes of this test's sandboxes. */
  private static List<Long> own() {
    return Traces.below(SELF).stream().filter(pid -> !OTHERS.contains(pid)).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bwrap", "/runsc", "runsc-sandbox", "runsc-gofer"})
  void killing_a_process_of_a_sandbox_ends_it_all(String program) throws Exception {
    try (Host host = Host.open(folder);
        Sandbox sandbox = new GvisorBackend(host).start(model.image("answer"), LIMITS)) {
      List<Long> all = own();
      String name = program.equals("bwrap") ? Host.find("bwrap").orElseThrow() + "" : program;
      ProcessHandle.of(Traces.find(all, name)).orElseThrow().destroyForcibly();
      Traces.awaitEnd(all);
      assertThat(word(sandbox.ask(TestModel.REQUEST))).isEqualTo("CRASHED");
    }
    assertNothingIsLeft();
  }

  @Test
  void a_deadline_ends_every_process() throws Exception {
    Limits brief = new Limits(LIMITS.memoryBytes(), 1, Duration.ofMillis(300), 1 << 10);
    try (Host host = Host.open(folder);
        Sandbox sandbox = new GvisorBackend(host).start(model.image("spin"), brief)) {
      List<Long> all = own();
      assertThat(word(sandbox.ask(TestModel.REQUEST))).isEqualTo("TIMEOUT");
      Traces.awaitEnd(all);
    }
    assertNothingIsLeft();
  }

  @Test
  void a_hundred_starts_leave_nothing() throws Exception {
    String mounts = Traces.mounts();
    try (Host host = Host.open(folder)) {
      GvisorBackend backend = new GvisorBackend(host);
      assertThat(word(model.ask(backend, LIMITS, "answer"))).contains("ok");
      Set<String> before = files(host.folder());
      List<Long> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        try (Sandbox sandbox = backend.start(model.image("answer"), LIMITS)) {
          all.addAll(own());
          assertThat(word(sandbox.ask(TestModel.REQUEST))).contains("ok");
        }
      }
      Traces.awaitEnd(all);
      assertThat(files(host.folder())).isEqualTo(before);
    }
    assertThat(Traces.mounts()).isEqualTo(mounts);
    assertNothingIsLeft();
  }

  private static Set<String> files(Path place) throws Exception {
    try (Stream<Path> files = Files.walk(place)) {
      return files.map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static void assertNothingIsLeft() throws Exception {
    assertThat(OTHER_GROUPS).containsAll(Traces.groups(SELF));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("image", "model.c");
    }
  }

  @Test
  void a_sandbox_dies_with_its_worker_and_the_next_worker_clears_up() throws Exception {
    Process worker = worker(List.of(), "answer");
    List<Long> all;
    try (BufferedReader said = worker.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).startsWith("ready ");
      all = Traces.below(worker.pid());
      assertThat(all).hasSizeGreaterThan(3);
    } finally {
      worker.destroyForcibly().waitFor();
    }
    Traces.awaitEnd(all);
    Host.open(folder).close();
    assertThat(Traces.groups(worker.pid())).isEmpty();
    assertNothingIsLeft();
  }

  @Test
  void without_root_and_control_groups_a_model_answers_and_is_bounded() throws Exception {
    List<String> bare = new ArrayList<>(List.of(Host.find("bwrap").orElseThrow().toString()));
    bare.addAll(List.of("--unshare-user", "--uid", "12345", "--die-with-parent"));
    bare.addAll(List.of("--dev-bind", "/", "/", "--tmpfs", "/sys/fs/cgroup", "--"));
    assertThat(outcome(bare, "answer")).isEqualTo("ready user false {\"outcome\":\"ok\"}");
    assertThat(Long.parseLong(outcome(bare, "eat", "4096").replaceFirst(".* ", "")))
        .isBetween(40L, 64L);
    assertThat(outcome(bare, "eat-in-thirty", "50")).isEqualTo("ready user false CRASHED");
    assertThat(outcome(bare, "bomb")).matches("ready user false (CRASHED|TIMEOUT)");
    assertNothingIsLeft();
  }

  private static String outcome(List<String> before, String... told) throws Exception {
    Process worker = worker(before, told);
    try (BufferedReader said = worker.inputReader(StandardCharsets.UTF_8)) {
      String ready = said.readLine();
      worker.outputWriter().append('\n').flush();
      String answer = said.readLine();
      assertThat(worker.waitFor()).isZero();
      return ready + " " + answer;
    } finally {
      worker.destroyForcibly().waitFor();
    }
  }

  private static Process worker(List<String> before, String... told) throws Exception {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(OtherWorker.class.getName(), folder.toString()));
    command.add(model.root().toString());
    command.addAll(List.of(told));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
