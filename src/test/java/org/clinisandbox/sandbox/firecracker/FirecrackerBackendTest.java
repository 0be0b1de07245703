package org.clinisandbox.sandbox.firecracker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Answer.Failure;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProbeModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirecrackerBackendTest {
  private static final Limits LIMITS = new Limits(32 << 20, 2, Duration.ofSeconds(20), 1 << 16);
  private static final byte[] REQUEST = "{\"ask\":1}".getBytes(UTF_8);
  private static final String READY = "echo '{\"ready\":true}'; read line; ";

  private static final List<String> BOOT =
      List.of(
          "GET /version 200",
          "PUT /machine-config 204",
          "file /vmlinux read-only",
          "file /initramfs.cpio read-only",
          "PUT /boot-source 204",
          "file /model.ext4 read-only",
          "PUT /drives/model 204",
          "PUT /vsock 204",
          "PUT /entropy 204",
          "PUT /actions 204",
          "PATCH /vm 204",
          "PUT /snapshot/create 204");

  private static final List<String> RESTORE =
      List.of(
          "GET /version 200",
          "file /vmstate read-only",
          "file /memory read-only",
          "file /model.ext4 read-only",
          "PUT /snapshot/load 204");

  @TempDir Path folder;
  private Host host;
  private StandIn standIn;
  private FirecrackerBackend backend;

  @BeforeEach
  void open() throws Exception {
    StandIn.need();
    standIn = StandIn.in(folder);
    host = Host.open(Path.of("/tmp"));
    backend = new FirecrackerBackend(host, standIn.disks(), standIn.surroundings());
  }

  @AfterEach
  void close() throws Exception {
    if (host != null) {
      backend.close();
      host.close();
      StandIn.assertGone(host.folder());
    }
  }

  private static Stream<String> concat(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream());
  }

  @Test
  void a_model_is_booted_once_and_restored_for_each_patient() throws Exception {
    ModelImage model = ProbeModel.image(host);

    try (Sandbox first = backend.start(model, LIMITS)) {
      assertThat(standIn.journal()).containsExactlyElementsOf(concat(BOOT, RESTORE).toList());
      assertThat(first.ask(REQUEST))
          .isInstanceOfSatisfying(
              Answer.Replied.class,
              reply -> assertThat(reply.line()).asString(UTF_8).isEqualTo("{\"outcome\":\"ok\"}"));
      assertThatThrownBy(() -> first.ask(REQUEST)).isInstanceOf(IllegalStateException.class);
    }
    try (Sandbox second = backend.start(model, LIMITS)) {
      assertThat(standIn.journal()).containsExactlyElementsOf(RESTORE);
      assertThat(second.isWaiting()).isTrue();
      assertThat(second.heldBytes()).isPositive();
      assertThat(second.ask(REQUEST)).isInstanceOf(Answer.Replied.class);
    }
  }

  @Test
  void the_probe_says_yes_after_an_answer() {
    Probe probe = backend.probe();

    assertThat(probe.available()).as(probe.detail()).isTrue();
    assertThat(probe.ready()).isPositive();
  }

  @Test
  void other_limits_are_another_machine() throws Exception {
    ModelImage model = StandIn.shell(READY + "echo '{}'");
    backend.start(model, LIMITS).close();
    standIn.journal();

    backend.start(model, new Limits(64 << 20, 2, Duration.ofSeconds(20), 1 << 16)).close();

    assertThat(standIn.journal()).contains("PUT /snapshot/create 204");
  }

  @Test
  void whoever_comes_while_a_model_boots_waits_for_that() throws Exception {
    ModelImage model = StandIn.shell("sleep 0.3; " + READY + "echo '{}'");
    List<Callable<Boolean>> patients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      patients.add(
          () -> {
            try (Sandbox sandbox = backend.start(model, LIMITS)) {
              return sandbox.ask(REQUEST) instanceof Answer.Replied;
            }
          });
    }

    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var answered : threads.invokeAll(patients)) {
        assertThat(answered.get()).isTrue();
      }
    }

    List<String> journal = standIn.journal();
    assertThat(journal).filteredOn("PUT /snapshot/create 204"::equals).hasSize(1);
    assertThat(journal).filteredOn("PUT /snapshot/load 204"::equals).hasSize(4);
  }

  @Test
  void machines_have_users_and_places_of_their_own_and_leave_nothing() throws Exception {
    ModelImage model = StandIn.shell(READY + "echo '{}'");
    Path jails = host.folder().resolve("firecracker");

    try (Sandbox first = backend.start(model, LIMITS);
        Sandbox second = backend.start(model, LIMITS)) {
      assertThat(first.isWaiting() && second.isWaiting()).isTrue();
      try (Stream<Path> roots = Files.list(jails)) {
        List<Object> users = new ArrayList<>();
        for (Path jail : roots.toList()) {
          users.add(Files.getAttribute(jail.resolve("root"), "unix:uid"));
          assertThat(jail.resolve("root/memory")).isEmptyFile();
        }
        assertThat(users).hasSize(2).doesNotHaveDuplicates().doesNotContain(0);
      }
    }

    assertThat(jails).isEmptyDirectory();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(jails.toString());
    StandIn.assertGone(jails);
    StandIn.assertGone(host.folder());
  }

  @Test
  void nobody_can_change_a_frozen_machine() throws Exception {
    backend.start(StandIn.shell(READY + "echo '{}'"), LIMITS).close();

    try (Stream<Path> files = Files.walk(host.folder())) {
      Path memory = files.filter(file -> file.endsWith("memory")).findFirst().orElseThrow();
      assertThat(Files.getPosixFilePermissions(memory))
          .isEqualTo(PosixFilePermissions.fromString("r--r--r--"));
      assertThat(Files.getAttribute(memory, "unix:uid")).isEqualTo(0);
      assertThat(Files.getPosixFilePermissions(memory.getParent()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void a_closed_backend_keeps_no_frozen_machine() throws Exception {
    backend.start(StandIn.shell(READY + "echo '{}'"), LIMITS).close();

    backend.close();

    try (Stream<Path> files = Files.walk(host.folder())) {
      assertThat(files).noneMatch(file -> file.endsWith("memory") || file.endsWith("vmstate"));
    }
  }

  @Test
  void a_model_that_is_too_slow_is_ended() throws Exception {
    Limits hasty = new Limits(32 << 20, 1, Duration.ofMillis(300), 1 << 16);

    try (Sandbox sandbox = backend.start(StandIn.shell(READY + "sleep 1000"), hasty)) {
      assertThat(sandbox.ask(REQUEST))
          .isInstanceOfSatisfying(
              Answer.Failed.class,
              failed -> assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT));
    }

    StandIn.assertGone(host.folder());
  }

  @Test
  void a_machine_that_dies_has_crashed() throws Exception {
    try (Sandbox sandbox = backend.start(StandIn.shell(READY + "sleep 1000"), LIMITS)) {
      Thread killer =
          Thread.ofPlatform()
              .start(
                  () ->
                      StandIn.processesOf(host.folder().resolve("fc"))
                          .forEach(ProcessHandle::destroyForcibly));

      assertThat(sandbox.ask(REQUEST))
          .isInstanceOfSatisfying(
              Answer.Failed.class,
              failed -> assertThat(failed.failure()).isEqualTo(Failure.CRASHED));
      killer.join();
    }
  }

  @Test
  void a_model_that_writes_before_it_is_asked_is_not_frozen() {
    ModelImage model = StandIn.shell("printf '{\"ready\":true}\\nmore\\n'; sleep 1000");

    assertThatThrownBy(() -> backend.start(model, LIMITS)).isInstanceOf(SandboxException.class);
  }

  @Test
  void a_machine_ends_with_whoever_started_it() throws Exception {
    Sandbox sandbox = backend.start(StandIn.shell(READY + "sleep 1000"), LIMITS);
    Path fc = host.folder().resolve("fc");
    ProcessHandle first =
        StandIn.processesOf(fc).stream()
            .filter(process -> process.parent().orElseThrow().equals(ProcessHandle.current()))
            .findFirst()
            .orElseThrow();

    first.destroyForcibly();

    StandIn.assertGone(fc);
    sandbox.close();
  }
}
