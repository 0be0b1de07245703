package org.clinisandbox.sandbox.gvisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clinisandbox.sandbox.gvisor.TestModel.LIMITS;
import static org.clinisandbox.sandbox.gvisor.TestModel.word;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.contract.FailingJail;
import org.clinisandbox.sandbox.contract.Requires;
import org.clinisandbox.sandbox.guest.GuestSetup;
import org.clinisandbox.sandbox.host.Host;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real starts, of a model that does what it must not. */
class GvisorBackendTest {
  @TempDir private static Path folder;
  private static TestModel model;
  private static Host host;
  private static GvisorBackend backend;

  @BeforeAll
  static void start() throws Exception {
    model = TestModel.compiled(folder);
    host = Host.open(folder);
    backend = new GvisorBackend(host);
    Probe probe = backend.probe();
    Requires.that(probe.available(), probe.detail() + " " + probe.remedy());
  }

  @AfterAll
  static void stop() {
    if (host != null) {
      host.close();
    }
  }

  private static String told(String... told) throws Exception {
    return word(model.ask(backend, LIMITS, told));
  }

  @Test
  void a_model_answers() throws Exception {
    try (Sandbox sandbox = backend.start(model.image("answer"), LIMITS)) {
      assertThat(sandbox.isWaiting()).isTrue();
      assertThat(sandbox.heldBytes()).isBetween(1L << 20, 64L << 20);
      assertThat(word(sandbox.ask(TestModel.REQUEST))).isEqualTo("{\"outcome\":\"ok\"}");
    }
  }

  @Test
  void the_probe_names_the_platform_and_how_things_are_bounded() {
    Probe probe = backend.probe();
    assertThat(probe.available()).isTrue();
    assertThat(probe.detail()).containsPattern("systrap|ptrace").contains(host.boundsInWords());
  }

  @Test
  void the_probe_says_what_the_jail_around_gvisor_complained_of() throws Exception {
    Path jail = FailingJail.in(host.newFolder());
    Probe probe = new GvisorBackend(host, Host.find("runsc"), Optional.of(jail)).probe();
    assertThat(probe.available()).isFalse();
    assertThat(probe.detail()).contains(FailingJail.COMPLAINT);
  }

  @Test
  void the_probe_says_what_is_missing_and_a_start_is_refused() {
    GvisorBackend bare = new GvisorBackend(host, Optional.empty(), Host.find("bwrap"));
    assertThat(bare.probe().available()).isFalse();
    assertThat(bare.probe().remedy()).contains("package runsc");
    assertThatThrownBy(() -> bare.start(model.image("answer"), LIMITS))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("runsc is not installed");
    assertThat(new GvisorBackend(host, Host.find("runsc"), Optional.empty()).probe().remedy())
        .contains("package bubblewrap");
  }

  @Test
  void the_probe_believes_no_program_that_only_has_the_name() throws Exception {
    Path script = Files.writeString(folder.resolve("runsc"), "#!/bin/sh\necho ptrace\n");
    assertThat(script.toFile().setExecutable(true, false)).isTrue();
    Probe probe = new GvisorBackend(host, Optional.of(script), Host.find("bwrap")).probe();
    assertThat(probe.available()).isFalse();
    assertThat(probe.remedy()).contains("user namespaces");
  }

  @Test
  void other_images_are_refused() {
    ModelImage module = new ModelImage.Wasm(Path.of("a.wasm"), "sha256:");
    assertThat(backend.runs(module)).isFalse();
    assertThatThrownBy(() -> backend.start(module, LIMITS)).isInstanceOf(SandboxException.class);
  }

  @Test
  void a_program_that_is_not_in_the_image_is_named() {
    ModelImage.Container image = model.image("answer");
    ModelImage.Container other =
        new ModelImage.Container(
            image.digest(),
            image.root(),
            java.util.List.of("/nothing"),
            image.environment(),
            image.workingFolder(),
            image.protocol(),
            image.model(),
            image.rehearsal());
    assertThatThrownBy(() -> backend.start(other, LIMITS)).hasMessageContaining("/nothing");
  }

  @Test
  void a_crash_is_told() throws Exception {
    assertThat(told("abort")).isEqualTo("CRASHED");
  }

  @Test
  void a_model_that_never_ends_is_ended() throws Exception {
    Limits brief = new Limits(LIMITS.memoryBytes(), 1, Duration.ofMillis(300), 1 << 10);
    assertThat(word(model.ask(backend, brief, "spin"))).isEqualTo("TIMEOUT");
  }

  @Test
  void memory_up_to_the_limit_is_given_and_no_more() throws Exception {
    assertThat(told("eat", "56")).isEqualTo("56");
    Requires.that(host.hasControlGroups(), "no control group can be made here");
    assertThat(told("eat", "4096")).isEqualTo("OUT_OF_MEMORY");
    assertThat(told("eat-in-thirty", "50")).isEqualTo("OUT_OF_MEMORY");
  }

  @Test
  void processes_and_threads_are_counted() throws Exception {
    int others = 2;
    assertThat(told("fork")).isEqualTo("" + (GuestSetup.PROCESSES - others));
    assertThat(told("thread")).isEqualTo("" + (GuestSetup.PROCESSES - others));
  }

  @Test
  void a_fork_bomb_ends_with_its_sandbox() throws Exception {
    Limits brief = new Limits(LIMITS.memoryBytes(), 1, Duration.ofSeconds(2), 1 << 10);
    assertThat(word(model.ask(backend, brief, "bomb"))).isIn("TIMEOUT", "CRASHED", "OUT_OF_MEMORY");
  }

  @Test
  void a_flood_of_output_is_cut_off() throws Exception {
    assertThat(told("flood")).isEqualTo("BAD_OUTPUT");
  }

  @Test
  void files_go_to_memory_within_a_quota_and_nowhere_else() throws Exception {
    assertThat(told("fill", "/tmp/x")).isEqualTo("" + GuestSetup.tmpBytes(LIMITS));
    assertThat(told("fill", "/dev/shm/x")).isEqualTo("" + (16 << 20));
    for (String place : new String[] {"/x", "/model", "/.clinisandbox/x", "/dev/x", "/proc/x"}) {
      assertThat(told("fill", place)).as(place).startsWith("-");
    }
    assertThat(model.root().resolve("x")).doesNotExist();
    assertThat(model.root().resolve(".clinisandbox")).isEmptyDirectory();
  }

  @Test
  void nothing_of_one_patient_is_left_for_the_next() throws Exception {
    assertThat(told("fill", "/tmp/x")).doesNotStartWith("-");
    assertThat(told("show", "/tmp/x")).isEmpty();
  }

  @Test
  void there_is_no_network_but_a_model_reaches_itself() throws Exception {
    assertThat(told("reach")).isEqualTo("0 -1 -1 -1 -1 -1");
  }

  @Test
  void the_kernel_is_not_the_hosts() throws Exception {
    assertThat(told("kernel-log")).contains("Starting gVisor");
    assertThat(told("show", "/proc/version"))
        .startsWith("Linux version")
        .isNotEqualTo(Files.readString(Path.of("/proc/version")).strip() + "|");
    assertThat(told("show", "/proc/self/mountinfo")).doesNotContain(folder.toString());
  }

  @Test
  void the_model_is_nobody_and_may_nothing() throws Exception {
    assertThat(told("show", "/proc/self/status"))
        .contains("Uid:|65534|65534|65534|65534|", "CapEff:|0000000000000000|")
        .contains("CapPrm:|0000000000000000|", "CapBnd:|0000000000000000|");
  }
}
