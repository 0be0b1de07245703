package org.clinisandbox.sandbox.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.sandbox.guest.GuestProcess.EXITED;

import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.sandbox.contract.Requires;
import org.clinisandbox.sandbox.guest.GuestProcess.Said;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Boots what {@code make guest} makes, in a machine without KVM. */
@Timeout(300)
class GuestMachineTest {
  private static final Path BOOT = Path.of("guest/out").toAbsolutePath();
  private static final Path SOURCES = Path.of("src/test/resources/org/clinisandbox/sandbox/guest");
  private static final long NOW = 1_700_000_000;

  @TempDir static Path folder;
  private static String khz = "";

  @BeforeAll
  static void disk() throws Exception {
    for (String program : List.of("qemu-system-x86_64", "mkfs.ext4", "musl-gcc")) {
      GuestProcess.needProgram(program);
    }
    Requires.that(
        Files.exists(BOOT.resolve("SHA256SUMS")), "this test wants what make guest makes");
    Path root = folder.resolve("root");
    for (String name : List.of("proc", "dev", "tmp")) {
      Files.createDirectories(root.resolve(name));
    }
    compile("machine-model.c", root.resolve("model"));
    compile("tsc-khz.c", folder.resolve("tsc-khz"));
    khz = run(folder.resolve("tsc-khz").toString());
    run(
        "mkfs.ext4",
        "-q",
        "-d",
        root.toString(),
        "-O",
        "^has_journal",
        folder.resolve("disk").toString(),
        "8M");
  }

  private static void compile(String source, Path program) throws Exception {
    String file = SOURCES.resolve(source).toString();
    run("musl-gcc", "-static", "-D_GNU_SOURCE", file, "-o", program.toString());
  }

  private static String run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(command[0]).isZero();
    return said.strip();
  }

  /** Boots a machine, sets its clock, asks its model, sees the machine's end. */
  private static Said ask(String request, String... more) throws Exception {
    Path socket = folder.resolve("socket");
    try (ServerSocketChannel host = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      host.bind(UnixDomainSocketAddress.of(socket));
      Process machine = new ProcessBuilder(machine(socket)).inheritIO().start();
      try {
        Said said = converse(host.accept(), request, more);
        assertThat(machine.waitFor(60, TimeUnit.SECONDS)).as("the machine ends").isTrue();
        return said;
      } finally {
        machine.destroyForcibly().waitFor();
        Files.delete(socket);
      }
    }
  }

  private static Said converse(SocketChannel channel, String request, String... more)
      throws Exception {
    try (channel) {
      DataInputStream frames = new DataInputStream(Channels.newInputStream(channel));
      OutputStream out = Channels.newOutputStream(channel);
      String[] strings = {
        "protocol=json-lines", "arg=/model", "memory=33554432", "processes=20", "tmp=1048576"
      };
      new Frame(Frame.CONFIGURE, GuestProcess.configuration(more.length > 0 ? more : strings))
          .write(out);
      if (more.length == 0) {
        assertThat(Frame.read(frames, 64)).isNotNull().extracting(Frame::type).isEqualTo(Frame.OUT);
        byte[] tick = ByteBuffer.allocate(40).putLong(NOW * 1_000_000_000L).array();
        new Frame(Frame.TICK, tick).write(out);
        new Frame(Frame.TICK, tick).write(out);
        new Frame(Frame.REQUEST, request.getBytes(StandardCharsets.UTF_8)).write(out);
      }
      return Said.read(frames);
    }
  }

  private static List<String> machine(Path socket) {
    return List.of(
        "qemu-system-x86_64",
        "-nodefaults",
        "-no-user-config",
        "-display",
        "none",
        "-no-reboot",
        "-M",
        "microvm,acpi=on,rtc=on,pit=off,pic=off,isa-serial=off",
        "-accel",
        "tcg",
        "-cpu",
        "max",
        "-m",
        "192",
        "-nic",
        "none",
        "-serial",
        "none",
        "-monitor",
        "none",
        "-kernel",
        BOOT.resolve("vmlinux").toString(),
        "-initrd",
        BOOT.resolve("initramfs.cpio").toString(),
        "-append",
        "quiet panic=-1 reboot=t tsc=reliable random.trust_cpu=on nokaslr tsc_early_khz=" + khz,
        "-device",
        "virtio-serial-device",
        "-chardev",
        "socket,id=host,path=" + socket,
        "-device",
        "virtserialport,chardev=host,name=sbx.rpc",
        "-drive",
        "id=disk,file=" + folder.resolve("disk") + ",format=raw,if=none,readonly=on",
        "-device",
        "virtio-blk-device,drive=disk");
  }

  @Test
  void a_model_answers_as_nobody_at_the_hosts_time() throws Exception {
    Said said = ask("hello");

    assertThat(said.ticks()).isEqualTo(2);
    assertThat(said.out()).matches("time=" + NOW / 100 + "\\d\\d user=65534\n");
    assertThat(said.last()).isEqualTo(EXITED);
  }

  @Test
  void a_model_that_eats_memory_is_killed_and_that_is_told() throws Exception {
    assertThat(ask("memory").last()).isEqualTo(new byte[] {1, 9, 1});
  }

  @Test
  void tmp_and_processes_are_bounded() throws Exception {
    assertThat(ask("tmp").out()).isEqualTo("wrote=1048576\n");
    Said said = ask("processes");
    assertThat(said.out()).isEqualTo("children=19\n");
    assertThat(said.last()).isEqualTo(EXITED);
  }

  @Test
  void a_model_finds_no_way_out() throws Exception {
    assertThat(ask("climb").out())
        .isEqualTo(
            """
            vsock=Address family not supported by protocol
            raw=Operation not permitted
            io_uring=Function not implemented
            namespace=No space left on device
            disk=No such file or directory
            root=Read-only file system
            chroot=Operation not permitted
            guest=No such file or directory
            """);
  }

  @Test
  void a_machine_without_bounds_is_refused() throws Exception {
    assertThat(ask("", "protocol=json-lines", "arg=/model", "processes=1", "tmp=1").failure())
        .isEqualTo("The configuration lacks memory, processes or tmp, which a machine needs.");
  }
}
