package org.clinisandbox.sandbox.firecracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.host.Host;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstallationTest {
  @TempDir Path folder;
  private Host host;

  @BeforeEach
  void open() throws Exception {
    StandIn.need();
    host = Host.open(Path.of("/tmp"));
  }

  @AfterEach
  void close() {
    if (host != null) {
      host.close();
    }
  }

  private Probe probe(StandIn standIn, Surroundings surroundings) {
    try (FirecrackerBackend backend = new FirecrackerBackend(host, standIn.disks(), surroundings)) {
      return backend.probe();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.16.0 | 1.16.0 | Firecracker 1.16.0 restores machines whose vsock device is dead.",
        "1.15.1 | 1.15.1 | Firecracker 1.15.1 is not supported.",
        "2.0.0 | 2.0.0 | Firecracker 2.0.0 is not supported.",
        "1.17.0-dev | 1.17.0-dev | firecracker calls itself v1.17.0-dev.",
        "1.16.1 | 1.16.2 | The jailer is v1.16.2, Firecracker v1.16.1."
      })
  void releases_that_will_not_do(String firecracker, String jailer, String detail)
      throws Exception {
    StandIn standIn = StandIn.in(folder, new StandIn.Says(firecracker, jailer, firecracker, ""));

    Probe probe = probe(standIn, standIn.surroundings());

    assertThat(probe.available()).isFalse();
    assertThat(probe.detail()).isEqualTo(detail);
    assertThat(probe.remedy()).isNotBlank();
  }

  @Test
  void a_process_that_calls_itself_otherwise_than_the_program() throws Exception {
    StandIn standIn = StandIn.in(folder, new StandIn.Says("1.16.1", "1.16.1", "1.16.2", ""));

    assertThat(probe(standIn, standIn.surroundings()).detail())
        .contains("Firecracker 1.16.1 calls itself 1.16.2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"firecracker", "jailer", "unshare"})
  void programs_that_are_not_installed(String missing) throws Exception {
    StandIn standIn = StandIn.in(folder);
    Surroundings all = standIn.surroundings();

    Probe probe =
        probe(
            standIn,
            new Surroundings(
                all.machine(),
                name -> name.equals(missing) ? Optional.empty() : all.programs().apply(name),
                all.kvm()));

    assertThat(probe.detail()).isEqualTo(missing + " is not installed.");
    assertThat(probe.remedy()).startsWith("Install");
  }

  @Test
  void no_kvm() throws Exception {
    StandIn standIn = StandIn.in(folder);
    Surroundings all = standIn.surroundings();

    Probe probe =
        probe(standIn, new Surroundings(all.machine(), all.programs(), folder.resolve("kvm")));

    assertThat(probe.detail()).endsWith("kvm is not there.");
    assertThat(probe.remedy()).contains("kvm_intel");
  }

  @Test
  void a_kernel_that_is_not_what_its_sum_says_until_it_is() throws Exception {
    StandIn standIn = StandIn.in(folder);
    Files.writeString(standIn.machine.resolve("vmlinux"), "\u007fELF of somebody else");
    try (FirecrackerBackend backend =
        new FirecrackerBackend(host, standIn.disks(), standIn.surroundings())) {
      assertThat(backend.probe().detail()).contains("vmlinux is not what SHA256SUMS says");

      standIn.writeMachine("\u007fELF");

      assertThat(backend.probe().available()).isTrue();
    }
  }
}
