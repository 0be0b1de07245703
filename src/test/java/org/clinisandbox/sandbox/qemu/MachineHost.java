package org.clinisandbox.sandbox.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.contract.Requires;
import org.clinisandbox.sandbox.contract.Subject;
import org.clinisandbox.sandbox.host.Ext4;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.HostDisks;

/** A host that can boot machines, and a model of several manners on a disk of its own. */
final class MachineHost implements AutoCloseable {
  static final Path MACHINE = Subject.MACHINE;
  static final Limits LIMITS = new Limits(32 << 20, 1, Duration.ofSeconds(60), 1 << 16);

  private static final Path BASE = Path.of("/tmp");

  final Host host;
  final Path disk;

  private MachineHost(Host host, Path disk) {
    this.host = host;
    this.disk = disk;
  }

  /** Skips the test where this machine lacks something, which CI must not. */
  static MachineHost open() throws Exception {
    Requires.machines();
    Host host = Host.open(BASE);
    Path root = Files.createDirectory(host.folder().resolve("model"));
    for (String folder : List.of("proc", "sys", "dev", "tmp")) {
      Files.createDirectory(root.resolve(folder));
    }
    compile(root.resolve("model"));
    Path disk = host.folder().resolve("model.ext4");
    Ext4.make(root, disk);
    return new MachineHost(host, disk);
  }

  private static void compile(Path program) throws Exception {
    Path source = program.resolveSibling("model.c");
    try (var text = MachineHost.class.getResourceAsStream("model.c")) {
      Files.write(source, text.readAllBytes());
    }
    Process compiler =
        new ProcessBuilder(
                "musl-gcc", "-static", "-O2", "-o", program.toString(), source.toString())
            .inheritIO()
            .start();
    assertThat(compiler.waitFor()).isZero();
  }

  QemuBackend backend() {
    return new QemuBackend(host, new HostDisks(host, image -> disk), MACHINE);
  }

  /** How machines are made here. */
  Machines machines() throws IOException {
    return new Hypervisor(host, MACHINE).machines(new HostDisks(host, image -> disk));
  }

  static ModelImage.Container image(String... manner) {
    return rehearsing("{}", manner);
  }

  static ModelImage.Container rehearsing(String rehearsal, String... manner) {
    List<String> arguments = new ArrayList<>(List.of("/model"));
    arguments.addAll(List.of(manner));
    return new ModelImage.Container(
        "sha256:" + "a".repeat(64),
        Path.of("/nowhere"),
        arguments,
        List.of(),
        "/",
        Protocol.JSON_LINES,
        "model",
        rehearsal);
  }

  static Answer ask(Sandbox sandbox) {
    return sandbox.ask("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
  }

  /** The reply line of a model that answers. */
  static String reply(Sandbox sandbox) {
    Answer answer = ask(sandbox);
    assertThat(answer).isInstanceOf(Answer.Replied.class);
    return new String(((Answer.Replied) answer).line(), StandardCharsets.UTF_8);
  }

  static Answer.Failure failure(Sandbox sandbox) {
    Answer answer = ask(sandbox);
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    return ((Answer.Failed) answer).failure();
  }

  /** The QEMU processes that this process has started, directly or not. */
  static List<ProcessHandle> qemus() {
    return ProcessHandle.current().descendants().filter(MachineHost::isQemu).toList();
  }

  static boolean isQemu(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm"))
          .startsWith("qemu-system");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    host.close();
    assertThat(host.folder()).doesNotExist();
  }
}
