package org.clinisandbox.sandbox.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.sandbox.qemu.MachineHost.LIMITS;
import static org.clinisandbox.sandbox.qemu.MachineHost.image;
import static org.clinisandbox.sandbox.qemu.MachineHost.qemus;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.Sandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MachinesTest {
  private static MachineHost host;
  private static Machines machines;

  @BeforeAll
  static void open() throws Exception {
    host = MachineHost.open();
    machines = host.machines();
  }

  @AfterAll
  static void close() {
    if (host != null) {
      host.close();
    }
  }

  private static Template freeze(String... manner) throws Exception {
    return machines.freeze(image(manner), host.disk, LIMITS, Machines.BOOT_TIMEOUT);
  }

  private static Sandbox copy(Template template) throws Exception {
    return machines.copy(template, host.disk, LIMITS, System.nanoTime());
  }

  @Test
  void no_copy_changes_the_frozen_machine() throws Exception {
    try (Template template = freeze("residue")) {
      String memory = Digest.of(Files.readAllBytes(template.memory().file()));
      String state = Digest.of(Files.readAllBytes(template.state().file()));
      for (int i = 0; i < 2; i++) {
        try (Sandbox sandbox = copy(template)) {
          MachineHost.reply(sandbox);
        }
      }

      assertThat(Digest.of(Files.readAllBytes(template.memory().file()))).isEqualTo(memory);
      assertThat(Digest.of(Files.readAllBytes(template.state().file()))).isEqualTo(state);
    }
  }

  @Test
  void a_copy_lives_on_when_the_frozen_machine_is_let_go() throws Exception {
    Template template = freeze("echo");
    try (Sandbox sandbox = copy(template)) {
      template.close();

      assertThat(MachineHost.reply(sandbox)).isEqualTo("{\"a\":1}");
    }
  }

  @Test
  void qemu_is_in_a_jail() throws Exception {
    try (Template template = freeze("echo");
        Sandbox _ = copy(template)) {
      assertThat(qemus()).hasSize(1);
      Path process = Path.of("/proc", Long.toString(qemus().getFirst().pid()));
      Map<String, String> status =
          Files.readAllLines(process.resolve("status")).stream()
              .map(line -> line.split(":\\s*", 2))
              .collect(Collectors.toMap(field -> field[0], field -> field[1]));

      assertThat(status).containsEntry("Seccomp", "2").containsEntry("NoNewPrivs", "1");
      for (String set : new String[] {"CapEff", "CapPrm", "CapBnd", "CapAmb", "CapInh"}) {
        assertThat(status.get(set)).matches("0+");
      }
      assertThat(status.get("Uid")).doesNotContain("\t0").doesNotStartWith("0");
      for (String space : new String[] {"net", "pid", "ipc", "uts", "mnt", "user"}) {
        assertThat(Files.readSymbolicLink(process.resolve("ns/" + space)))
            .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/" + space)));
      }
      try (Stream<Path> root = Files.list(process.resolve("root"))) {
        assertThat(root.map(file -> file.getFileName().toString()))
            .isSubsetOf("dev", "disk", "firmware", "lib", "lib64", "machine", "proc", "run", "usr")
            .contains("disk", "machine", "usr");
      }
      assertThat(Files.readAllLines(process.resolve("mounts")))
          .filteredOn(mount -> !mount.matches("\\S+ /(dev|proc)[/ ].*"))
          .isNotEmpty()
          .allMatch(mount -> mount.matches("\\S+ \\S+ \\S+ ro,.*"));
      try (Stream<Path> programs = Files.list(process.resolve("root/usr/bin"))) {
        assertThat(programs.map(file -> file.getFileName().toString()))
            .containsExactly("qemu-system-x86_64");
      }
    }
  }

  /** The worker of the test below: freezes, copies, and waits to be killed. */
  static final class Worker {
    public static void main(String[] arguments) throws Exception {
      open();
      try (Sandbox sandbox = copy(freeze("echo"))) {
        System.out.println("ready " + sandbox.isWaiting());
        TimeUnit.HOURS.sleep(1);
      }
    }
  }

  @Test
  void nothing_outlives_a_worker_that_is_killed() throws Exception {
    Process worker =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(worker.inputReader().readLine()).isEqualTo("ready true");
      ProcessHandle qemu = qemus().getFirst();
      worker.destroyForcibly().waitFor();

      assertThat(qemu.onExit().get(20, TimeUnit.SECONDS).isAlive()).isFalse();
    } finally {
      worker.destroyForcibly().waitFor();
      org.clinisandbox.sandbox.host.Host.open(Path.of("/tmp")).close();
    }
  }
}
