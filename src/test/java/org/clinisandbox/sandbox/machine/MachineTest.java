package org.clinisandbox.sandbox.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Digest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  @TempDir Path folder;
  @TempDir Path into;

  @BeforeEach
  void write() throws Exception {
    Files.writeString(folder.resolve("vmlinux"), "kernel");
    Files.writeString(folder.resolve("initramfs.cpio"), "guest");
    Files.writeString(
        folder.resolve("SHA256SUMS"),
        sum("kernel") + "  vmlinux\n" + sum("guest") + "  initramfs.cpio\n");
  }

  private static String sum(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).replace("sha256:", "");
  }

  @Test
  void the_copies_are_what_was_checked() throws Exception {
    Machine machine = Machine.copy(folder, into);
    Files.writeString(folder.resolve("vmlinux"), "another");

    assertThat(machine.kernel()).hasContent("kernel").hasParent(into);
    assertThat(machine.initramfs()).hasContent("guest");
    assertThat(Files.getPosixFilePermissions(machine.kernel())).hasSize(3);
  }

  @Test
  void a_changed_file_is_refused_and_not_kept() throws Exception {
    Files.writeString(folder.resolve("initramfs.cpio"), "guest of another");

    assertThatThrownBy(() -> Machine.copy(folder, into))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("initramfs.cpio is not what SHA256SUMS says");
    assertThat(into.resolve("initramfs.cpio")).doesNotExist();
  }

  @Test
  void missing_files_are_named() throws Exception {
    Files.delete(folder.resolve("vmlinux"));
    assertThatThrownBy(() -> Machine.copy(folder, into)).hasMessageContaining("vmlinux is missing");

    Files.delete(folder.resolve("SHA256SUMS"));
    assertThatThrownBy(() -> Machine.copy(folder, into)).hasMessageContaining("guest/machine");
  }

  @Test
  void memory_is_the_models_and_the_machines() {
    Limits limits = new Limits((32 << 20) + 1, 1, Duration.ofSeconds(1), 1);

    assertThat(Machine.memoryMebibytes(limits)).isEqualTo(32 + 1 + 96 + 1);
  }
}
