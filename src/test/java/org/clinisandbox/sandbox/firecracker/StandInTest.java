package org.clinisandbox.sandbox.firecracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * That the stand-in refuses what Firecracker and its jailer refuse, so that tests mean something.
 */
class StandInTest {
  private static final Map<String, Object> MACHINE = Map.of("vcpu_count", 1, "mem_size_mib", 16);

  @TempDir Path folder;
  private StandIn standIn;
  private final List<Process> started = new ArrayList<>();
  private final List<Api> apis = new ArrayList<>();
  private Api api;

  @BeforeEach
  void open() throws Exception {
    StandIn.need();
    standIn = StandIn.in(folder);
    Files.writeString(folder.resolve("disk"), "/");
    api = serve(standIn);
  }

  @AfterEach
  void close() throws Exception {
    apis.forEach(Api::close);
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  private Api serve(StandIn programs) throws Exception {
    Path socket = programs.folder.resolve("api-" + started.size());
    started.add(
        new ProcessBuilder(programs.firecracker.toString(), "--api-sock", socket.toString())
            .inheritIO()
            .start());
    Api served = new Api(socket, 0, Duration.ofSeconds(20));
    apis.add(served);
    for (int i = 0; i < 2000; i++) {
      try {
        served.release();
        return served;
      } catch (IOException e) {
        Thread.sleep(5);
      }
    }
    throw new IOException("the stand-in does not serve");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private Map<String, Object> drive(String file) {
    return Map.of(
        "drive_id",
        "model",
        "is_root_device",
        false,
        "is_read_only",
        true,
        "path_on_host",
        path(file));
  }

  private void configure() throws IOException {
    api.put("/machine-config", MACHINE);
    api.put("/boot-source", Map.of("kernel_image_path", path("machine/vmlinux")));
    api.put("/drives/model", drive("disk"));
    api.put("/vsock", Map.of("guest_cid", 3, "uds_path", path("vsock")));
  }

  private void boot() throws IOException {
    configure();
    api.put("/actions", Map.of("action_type", "InstanceStart"));
  }

  private Map<String, Object> load() {
    return Map.of(
        "snapshot_path", path("state"),
        "mem_backend", Map.of("backend_type", "File", "backend_path", path("memory")),
        "resume_vm", true);
  }

  private void assertRefused(Call call, String why) {
    assertThatThrownBy(call::make).isInstanceOf(IOException.class).hasMessageContaining(why);
  }

  /** One call of the API. */
  private interface Call {
    void make() throws IOException;
  }

  @ParameterizedTest
  @CsvSource({
    "/machine-config, vcpu_count",
    "/boot-source, kernel_image_path",
    "/drives/model, drive_id",
    "/vsock, guest_cid",
    "/actions, action_type",
    "/snapshot/load, snapshot_path"
  })
  void unknown_and_missing_fields(String call, String required) {
    assertRefused(() -> api.put(call, Map.of("nonsense", 1)), "unknown field `nonsense`");
    assertRefused(() -> api.put(call, Map.of()), "missing field `" + required + "`");
  }

  @Test
  void wrong_types_and_values() {
    assertRefused(
        () -> api.put("/machine-config", Map.of("vcpu_count", "1", "mem_size_mib", 16)),
        "invalid type: a string");
    assertRefused(
        () -> api.put("/machine-config", Map.of("vcpu_count", 1, "mem_size_mib", -16)),
        "invalid type");
    assertRefused(
        () -> api.put("/machine-config", Map.of("vcpu_count", 33, "mem_size_mib", 16)), "vCPU");
    assertRefused(
        () -> api.put("/vsock", Map.of("guest_cid", 2, "uds_path", path("vsock"))), "CID");
    assertRefused(
        () -> api.put("/actions", Map.of("action_type", "Start")), "unknown variant `Start`");
    assertRefused(() -> api.put("/entropy", Map.of("rate_limiter", true)), "a boolean");
  }

  @Test
  void paths_that_are_none_of_the_api() {
    assertRefused(() -> api.put("/machine", MACHINE), "Invalid request method and/or path");
    assertRefused(() -> api.put("/drives/other", drive("disk")), "does not match");
  }

  @Test
  void files_that_are_not_there() {
    assertRefused(
        () -> api.put("/boot-source", Map.of("kernel_image_path", path("none"))),
        "No such file or directory");
    assertRefused(() -> api.put("/drives/model", drive("none")), "No such file or directory");
  }

  @Test
  void a_start_without_a_kernel() {
    assertRefused(
        () -> api.put("/actions", Map.of("action_type", "InstanceStart")), "without kernel");
  }

  @Test
  void calls_before_the_boot() {
    assertRefused(
        () -> api.patch("/vm", Map.of("state", "Paused")), "not supported before starting");
    assertRefused(
        () ->
            api.put(
                "/snapshot/create",
                Map.of("snapshot_path", path("state"), "mem_file_path", path("memory"))),
        "not supported before starting");
  }

  @Test
  void calls_after_the_boot() throws Exception {
    boot();

    assertRefused(() -> api.put("/machine-config", MACHINE), "not supported after starting");
    assertRefused(
        () -> api.put("/actions", Map.of("action_type", "InstanceStart")),
        "not supported after starting");
    assertRefused(() -> api.put("/snapshot/load", load()), "not supported after starting");
  }

  @Test
  void a_snapshot_of_a_machine_that_runs() throws Exception {
    boot();

    assertRefused(
        () ->
            api.put(
                "/snapshot/create",
                Map.of("snapshot_path", path("state"), "mem_file_path", path("memory"))),
        "not paused");
  }

  @Test
  void a_snapshot_loaded_after_a_configuration() throws Exception {
    configure();

    assertRefused(() -> api.put("/snapshot/load", load()), "not allowed after configuring");
  }

  @Test
  void a_snapshot_that_is_not_there_which_ends_it() throws Exception {
    assertRefused(() -> api.put("/snapshot/load", load()), "No such file or directory");

    assertThat(started.getFirst().waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_snapshot_needs_one_memory() {
    Map<String, Object> both = new HashMap<>(load());
    both.put("mem_file_path", path("memory"));

    assertRefused(() -> api.put("/snapshot/load", both), "mem_file_path");
  }

  @Test
  void fields_that_an_older_release_does_not_know() throws Exception {
    Path older = Files.createDirectory(folder.resolve("older"));
    Api old = serve(StandIn.in(older, new StandIn.Says("1.15.1", "1.15.1", "1.15.1", "")));
    Map<String, Object> fields = new HashMap<>(load());
    fields.put("clock_realtime", true);

    assertRefused(() -> old.put("/snapshot/load", fields), "unknown field `clock_realtime`");
    assertRefused(() -> api.put("/snapshot/load", fields), "No such file or directory");
  }

  @Test
  void a_good_sequence_is_taken() {
    assertThatCode(
            () -> {
              boot();
              api.patch("/vm", Map.of("state", "Paused"));
            })
        .doesNotThrowAnyException();
  }

  @Test
  void an_answer_that_does_not_come_is_not_waited_for() throws Exception {
    Path other = Files.createDirectory(folder.resolve("silent"));
    StandIn silent = StandIn.in(other, new StandIn.Says("1.16.1", "1.16.1", "1.16.1", "/vm"));
    serve(silent);
    try (Api hasty = new Api(other.resolve("api-1"), 0, Duration.ofMillis(300))) {
      assertThatThrownBy(() -> hasty.patch("/vm", Map.of("state", "Paused")))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void a_socket_of_another_user_is_not_spoken_to() {
    try (Api strangers = new Api(folder.resolve("api-0"), 12345, Duration.ofSeconds(5))) {
      assertThatThrownBy(strangers::release).hasMessage("the API socket is not the machine's");
    }
  }
}
