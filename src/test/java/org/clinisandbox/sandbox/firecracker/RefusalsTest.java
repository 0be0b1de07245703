package org.clinisandbox.sandbox.firecracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProbeModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalsTest {
  private static final byte[] REQUEST = {'{', '}'};
  private static final String READY = "echo '{\"ready\":true}'; read line; ";

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

  @Test
  void what_firecracker_refuses_is_said() throws Exception {
    standIn.writeMachine("MZ, a bzImage");

    assertThatThrownBy(() -> backend.start(StandIn.shell(READY), ProbeModel.LIMITS))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("Firecracker refused PUT /actions: Start microvm error")
        .hasMessageContaining("invalid kernel image");
    assertThat(host.folder().resolve("firecracker")).isEmptyDirectory();
  }

  @Test
  void a_disk_that_the_machines_user_cannot_read_is_said() throws Exception {
    ModelImage.Container model = StandIn.shell(READY);
    Files.setPosixFilePermissions(
        standIn.disks().disk(model), PosixFilePermissions.fromString("rw-------"));

    assertThatThrownBy(() -> backend.start(model, ProbeModel.LIMITS))
        .hasMessageContaining("PUT /drives/model: Drive config error")
        .hasMessageContaining("Permission denied");
  }

  @Test
  void a_failed_start_is_tried_again() throws Exception {
    ModelImage.Container model = StandIn.shell(READY + "echo '{}'");
    Path disk = standIn.disks().disk(model);
    Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> backend.start(model, ProbeModel.LIMITS))
        .isInstanceOf(SandboxException.class);
    Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rw-r--r--"));

    try (Sandbox sandbox = backend.start(model, ProbeModel.LIMITS)) {
      assertThat(sandbox.ask(REQUEST)).isInstanceOf(Answer.Replied.class);
    }
  }
}
