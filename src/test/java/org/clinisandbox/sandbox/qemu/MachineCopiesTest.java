package org.clinisandbox.sandbox.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clinisandbox.sandbox.qemu.MachineHost.LIMITS;
import static org.clinisandbox.sandbox.qemu.MachineHost.failure;
import static org.clinisandbox.sandbox.qemu.MachineHost.image;
import static org.clinisandbox.sandbox.qemu.MachineHost.qemus;
import static org.clinisandbox.sandbox.qemu.MachineHost.rehearsing;
import static org.clinisandbox.sandbox.qemu.MachineHost.reply;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MachineCopiesTest {
  /** How long a rehearsal may take. */
  private static final Duration REHEARSED = Duration.ofMillis(250);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static MachineHost host;
  private static QemuBackend backend;

  @BeforeAll
  static void open() throws Exception {
    host = MachineHost.open();
    backend = host.backend();
  }

  @AfterAll
  static void close() {
    if (host != null) {
      backend.close();
      host.close();
    }
  }

  @Test
  void the_probe_boots_a_machine_and_says_what_carries_out_its_instructions() {
    Probe probe = backend.probe();

    assertThat(probe.available()).as(probe.detail()).isTrue();
    assertThat(probe.isolation()).isEqualTo(Isolation.MICROVM);
    assertThat(probe.detail()).containsAnyOf("15 to 25 times", "a real boot has proved");
  }

  @Test
  void copies_of_one_machine_have_other_randomness_and_the_right_time() throws Exception {
    try (Sandbox first = backend.start(image("fresh"), LIMITS);
        Sandbox second = backend.start(image("fresh"), LIMITS)) {
      Instant before = Instant.now();
      JsonNode one = JSON.readTree(reply(first));
      JsonNode other = JSON.readTree(reply(second));

      assertThat(one.path("random").asString()).hasSize(32).isNotEqualTo("0".repeat(32));
      assertThat(one.path("random")).isNotEqualTo(other.path("random"));
      for (JsonNode said : List.of(one, other)) {
        assertThat(Instant.ofEpochSecond(said.path("time").asLong()))
            .isBetween(before.minusSeconds(5), Instant.now().plusSeconds(5));
      }
    }
  }

  @Test
  void a_rehearsal_leaves_nothing_where_the_patients_model_is() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (Sandbox sandbox = backend.start(image("residue"), LIMITS)) {
        assertThat(reply(sandbox)).isEqualTo("{\"found\":false}");
      }
    }
  }

  @Test
  void a_rehearsal_without_end_is_cut_off() throws Exception {
    try (Sandbox sandbox = backend.start(rehearsing("rehearsal", "stay"), LIMITS)) {
      assertThat(sandbox.readyTime()).isGreaterThan(REHEARSED);
      assertThat(reply(sandbox)).isEqualTo("{\"a\":1}");
    }
  }

  @Test
  void a_request_costs_less_when_its_like_was_rehearsed() throws Exception {
    assertThat(costOfWork("{}") * 5).isLessThan(costOfWork("rehearsal") * 4);
  }

  /** Nanoseconds of processor time that a machine takes for a request, after this rehearsal. */
  private static long costOfWork(String rehearsal) throws Exception {
    long[] costs = new long[5];
    for (int i = 0; i < costs.length; i++) {
      try (Sandbox sandbox = backend.start(rehearsing(rehearsal, "work"), LIMITS)) {
        Path process = Path.of("/proc", Long.toString(qemus().getFirst().pid()));
        long before = processorNanos(process);
        assertThat(reply(sandbox)).contains("Thursday");
        costs[i] = processorNanos(process) - before;
      }
    }
    Arrays.sort(costs);
    return costs[costs.length / 2];
  }

  private static long processorNanos(Path process) throws Exception {
    long nanos = 0;
    try (var tasks = Files.newDirectoryStream(process.resolve("task"))) {
      for (Path task : tasks) {
        String times = Files.readString(task.resolve("schedstat"));
        nanos += Long.parseLong(times.substring(0, times.indexOf(' ')));
      }
    }
    return nanos;
  }

  @Test
  void a_model_has_the_memory_of_its_limit_and_no_more() throws Exception {
    try (Sandbox fits = backend.start(image("hold", "28"), LIMITS);
        Sandbox eats = backend.start(image("eat"), LIMITS)) {
      assertThat(reply(fits)).isEqualTo("{}");
      assertThat(failure(eats)).isEqualTo(Answer.Failure.OUT_OF_MEMORY);
    }
  }

  @Test
  void the_machine_has_room_for_a_model_of_a_large_limit() throws Exception {
    Limits large = new Limits(1024 << 20, 1, LIMITS.timeout(), 1 << 16);
    try (Sandbox sandbox = backend.start(image("hold", "1000"), large)) {
      assertThat(reply(sandbox)).isEqualTo("{}");
    }
  }

  @Test
  void a_model_that_leaves_no_room_for_a_second_one_runs_without_a_rehearsal() throws Exception {
    Limits large = new Limits(1024 << 20, 1, LIMITS.timeout(), 1 << 16);
    try (Sandbox sandbox = backend.start(image("full", "800"), large)) {
      assertThat(reply(sandbox)).isEqualTo("{\"a\":1}");
    }
  }

  @Test
  void a_machine_that_is_killed_is_a_crash() throws Exception {
    try (Sandbox sandbox = backend.start(image("spin"), LIMITS)) {
      Thread killer =
          Thread.ofPlatform().start(() -> qemus().forEach(ProcessHandle::destroyForcibly));

      assertThat(failure(sandbox)).isEqualTo(Answer.Failure.CRASHED);
      killer.join();
    }
  }

  @Test
  void a_machine_has_no_network_device() throws Exception {
    try (Sandbox sandbox = backend.start(image("network"), LIMITS)) {
      String devices = JSON.readTree(reply(sandbox)).path("devices").asString();

      assertThat(devices.strip()).isEqualTo("lo");
    }
  }

  @Test
  void a_model_that_cannot_be_started_says_why_each_time() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> backend.start(image(), LIMITS))
          .isInstanceOfSatisfying(
              SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_READY))
          .hasMessageContaining("did not get ready");
    }
  }

  @Test
  void a_changed_kernel_is_not_booted(@TempDir Path changed) throws Exception {
    for (String file : List.of("vmlinux", "initramfs.cpio", "SHA256SUMS")) {
      Files.copy(MachineHost.MACHINE.resolve(file), changed.resolve(file));
    }
    byte[] bytes = Files.readAllBytes(changed.resolve("vmlinux"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(changed.resolve("vmlinux"), bytes);

    try (QemuBackend tampered = new QemuBackend(host.host, image -> host.disk, changed)) {
      assertThatThrownBy(() -> tampered.start(image("echo"), LIMITS))
          .isInstanceOfSatisfying(
              SandboxException.class,
              e -> assertThat(e.kind()).isEqualTo(Kind.ISOLATION_UNAVAILABLE))
          .hasMessageContaining("vmlinux is not what SHA256SUMS");
      assertThat(tampered.probe().available()).isFalse();
      assertThat(tampered.probe().remedy()).contains("make guest");
    }
  }

  @Test
  void a_disk_that_is_refused_is_not_booted_even_when_a_machine_is_frozen() throws Exception {
    boolean[] changed = {false};
    SandboxException mismatch = new SandboxException(Kind.DIGEST_MISMATCH, "The disk changed.");
    try (QemuBackend watchful =
        new QemuBackend(
            host.host,
            image -> {
              if (changed[0]) {
                throw mismatch;
              }
              return host.disk;
            },
            MachineHost.MACHINE)) {
      watchful.start(image("echo"), LIMITS).close();
      changed[0] = true;

      assertThatThrownBy(() -> watchful.start(image("echo"), LIMITS)).isSameAs(mismatch);
    }
  }
}
