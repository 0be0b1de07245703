package org.clinisandbox.sandbox.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.sandbox.TestModels.LIMITS;
import static org.clinisandbox.sandbox.TestModels.hostile;
import static org.clinisandbox.sandbox.TestModels.news2;
import static org.clinisandbox.sandbox.TestModels.request;
import static org.clinisandbox.sandbox.wasm.ChildJvms.await;
import static org.clinisandbox.sandbox.wasm.WasmBackendTest.WELL;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Answer.Failure;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.TestHost;
import org.clinisandbox.sandbox.contract.FailingJail;
import org.clinisandbox.sandbox.host.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where modules run: what a child holds, and what becomes of it. */
@Timeout(120)
class ChildProcessTest {
  private static final Duration READY = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String CANARY = "canary-7f3e91";

  @Test
  void a_child_knows_nothing_that_its_parent_knows() throws Exception {
    System.setProperty("clinisandbox.test.secret", CANARY);
    try (WasmBackend backend = ChildJvms.backend(READY, 64 << 20);
        Sandbox sandbox = backend.start(news2(), LIMITS)) {
      long pid = only(ChildJvms.of(backend));
      assertThat(ChildJvms.read(ProcessHandle.current().pid(), "environ")).contains("PATH=");
      assertThat(ChildJvms.read(pid, "environ")).isIn("", "PWD=/tmp\0");
      assertThat(ChildJvms.read(pid, "cmdline"))
          .isNotEmpty()
          .doesNotContain(CANARY)
          .doesNotContain("clinisandbox.test")
          .doesNotContain(".m2");
      assertThat(sandbox.isWaiting()).isTrue();
    } finally {
      System.clearProperty("clinisandbox.test.secret");
    }
  }

  @Test
  void a_child_has_nothing_open_but_its_classes_its_streams_and_its_sandboxes() throws Exception {
    try (WasmBackend backend = ChildJvms.backend(READY, 64 << 20);
        Sandbox sandbox = backend.start(news2(), LIMITS)) {
      List<String> open = new ArrayList<>();
      for (Path link : ChildJvms.list(Path.of("/proc/" + only(ChildJvms.of(backend)), "fd"))) {
        open.add(Files.readSymbolicLink(link).toString());
      }
      assertThat(open)
          .isNotEmpty()
          .allMatch(
              name ->
                  name.startsWith("pipe:")
                      || name.startsWith("socket:")
                      || name.endsWith("/lib/modules")
                      || name.endsWith(".jar")
                      || name.equals("/dev/random")
                      || name.equals("/dev/urandom"));
      assertThat(open.stream().filter(name -> name.startsWith("socket:")))
          .as("one sandbox, one connection to spare, one within the JVM")
          .hasSizeLessThanOrEqualTo(4);
      assertThat(sandbox.isWaiting()).isTrue();
    }
  }

  @Test
  void a_child_works_in_a_folder_with_nothing_of_anybodys_in_it() throws Exception {
    try (WasmBackend backend = ChildJvms.backend(READY, 64 << 20)) {
      backend.start(news2(), LIMITS).close();
      Path folder = Path.of("/proc/" + only(ChildJvms.of(backend)), "cwd");
      assertThat(ChildJvms.list(folder)).allMatch(file -> file.endsWith("s"));
    }
  }

  @Test
  void the_classes_of_a_child_know_nothing_of_databases_or_keys(@TempDir Path folder)
      throws IOException {
    Path jar = folder.resolve("child.jar");
    ChildJar.write(jar);
    try (var classes = new java.util.jar.JarFile(jar.toFile())) {
      assertThat(classes.stream().map(Object::toString))
          .contains("org/clinisandbox/sandbox/wasm/child/Child.class")
          .allMatch(
              name -> name.matches("(run/endive|org/objectweb/asm|org/clinisandbox/sandbox)/.*"))
          .filteredOn(name -> name.startsWith("org/clinisandbox"))
          .allMatch(
              name ->
                  name.matches(
                      "org/clinisandbox/sandbox/(wasm/child/.*|guest/Frame.*|Digest.*|SandboxException.*)"));
    }
  }

  @Test
  void when_a_child_is_killed_its_models_crash_and_the_next_start_works() throws Exception {
    try (WasmBackend backend = ChildJvms.backend(READY, 64 << 20);
        Sandbox spinning = backend.start(hostile("spin"), LIMITS);
        Sandbox waiting = backend.start(news2(), LIMITS)) {
      FutureTask<Answer> answer = new FutureTask<>(() -> spinning.ask(request("{}")));
      Thread.startVirtualThread(answer);
      await(() -> !spinning.isWaiting());
      long pid = only(ChildJvms.of(backend));
      assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
      assertFailed(Failure.CRASHED, answer.get());
      await(() -> !waiting.isWaiting());
      assertFailed(Failure.CRASHED, waiting.ask(request("{}")));
      try (Sandbox next = backend.start(news2(), LIMITS)) {
        assertThat(next.ask(request(WELL))).isInstanceOf(Answer.Replied.class);
      }
      assertThat(only(ChildJvms.of(backend))).isNotEqualTo(pid);
    }
  }

  @Test
  void many_models_run_side_by_side_each_for_one_patient() throws Exception {
    try (WasmBackend backend = new WasmBackend(TestHost.HOST, READY, 512 << 20, 2, LONG);
        var patients = Executors.newFixedThreadPool(16)) {
      Callable<String> patient =
          () -> {
            try (Sandbox sandbox = backend.start(hostile("residue"), LIMITS)) {
              return WasmBackendTest.reply(sandbox.ask(request("{}"))).outcome();
            }
          };
      List<Future<String>> outcomes = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        outcomes.add(patients.submit(patient));
      }
      for (Future<String> outcome : outcomes) {
        assertThat(outcome.get()).isEqualTo("clean");
      }
      await(() -> backend.children().size() == 2);
      assertThat(backend.children()).allMatch(child -> child.sandboxes() == 0);
    }
  }

  @Test
  void a_models_memory_is_not_taken_from_this_jvms_heap() throws Exception {
    Limits large = new Limits(512L << 20, 1, Duration.ofSeconds(20), 1 << 10);
    try (WasmBackend backend = ChildJvms.backend(READY, 512 << 20);
        Sandbox sandbox = backend.start(hostile("eat-memory"), large)) {
      var memory = ManagementFactory.getMemoryMXBean();
      long before = memory.getHeapMemoryUsage().getCommitted();
      assertFailed(Failure.OUT_OF_MEMORY, sandbox.ask(request("{}")));
      assertThat(memory.getHeapMemoryUsage().getCommitted() - before).isLessThan(256L << 20);
    }
  }

  @Test
  void a_child_that_had_nothing_to_do_for_a_while_ends_but_for_the_last() throws Exception {
    try (WasmBackend backend =
            new WasmBackend(TestHost.HOST, READY, 64 << 20, 2, Duration.ofMillis(100));
        Sandbox first = backend.start(news2(), LIMITS);
        Sandbox second = backend.start(news2(), LIMITS)) {
      await(() -> backend.children().size() == 2);
      Sandbox third = backend.start(news2(), LIMITS);
      third.close();
      await(() -> ChildJvms.of(backend).size() == 1);
      first.close();
      second.close();
      try (Sandbox next = backend.start(news2(), LIMITS)) {
        assertThat(next.ask(request(WELL))).isInstanceOf(Answer.Replied.class);
      }
    }
  }

  @Test
  void closing_leaves_no_process_and_no_file(@TempDir(factory = ShortFolder.class) Path folder)
      throws Exception {
    try (Host host = Host.open(folder)) {
      WasmBackend backend = new WasmBackend(host, READY, 64 << 20, 1, LONG);
      backend.start(news2(), LIMITS);
      List<ProcessHandle> around =
          backend.children().stream()
              .flatMap(child -> ProcessHandle.of(child.pid()).stream())
              .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
              .toList();
      assertThat(around).isNotEmpty();
      backend.close();
      await(() -> around.stream().noneMatch(ProcessHandle::isAlive));
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_host_without_bubblewrap_runs_modules_all_the_same() throws Exception {
    Children children = new Children(TestHost.HOST, 128 << 20, 1, LONG, java.util.Optional.empty());
    try (WasmBackend backend = new WasmBackend(TestHost.HOST, READY, 64 << 20, children);
        Sandbox sandbox = backend.start(news2(), LIMITS)) {
      assertThat(sandbox.ask(request(WELL))).isInstanceOf(Answer.Replied.class);
      assertThat(children.withoutJail()).contains("bubblewrap is not installed");
      assertThat(ChildJvms.read(only(ChildJvms.of(backend)), "environ")).isEmpty();
    }
  }

  @Test
  void a_jail_that_cannot_be_made_is_done_without() throws Exception {
    Children children =
        new Children(
            TestHost.HOST, 128 << 20, 1, LONG, java.util.Optional.of(Path.of("/bin/false")));
    try (WasmBackend backend = new WasmBackend(TestHost.HOST, READY, 64 << 20, children);
        Sandbox sandbox = backend.start(news2(), LIMITS)) {
      assertThat(sandbox.ask(request(WELL))).isInstanceOf(Answer.Replied.class);
      assertThat(children.withoutJail()).isPresent();
    }
  }

  @Test
  void the_backend_says_which_walls_a_child_lacks_and_why(
      @TempDir(factory = ShortFolder.class) Path folder) throws Exception {
    Children children =
        new Children(
            TestHost.HOST, 128 << 20, 1, LONG, java.util.Optional.of(FailingJail.in(folder)));
    try (WasmBackend backend = new WasmBackend(TestHost.HOST, READY, 64 << 20, children)) {
      assertThat(backend.probe().detail())
          .contains("lacks a jail (bubblewrap may not make one: " + FailingJail.COMPLAINT);
    }
  }

  private static long only(List<Long> pids) {
    assertThat(pids).hasSize(1);
    return pids.getFirst();
  }

  private static void assertFailed(Failure expected, Answer answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Failed.class, failed -> assertThat(failed.failure()).isEqualTo(expected));
  }
}
