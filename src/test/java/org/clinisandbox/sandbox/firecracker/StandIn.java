package org.clinisandbox.sandbox.firecracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Digest;
import org.clinisandbox.sandbox.Disks;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.contract.Requires;
import org.clinisandbox.sandbox.host.Host;

/** Programs in a folder that stand in for Firecracker and its jailer, and what they are given. */
final class StandIn {
  static final String RELEASE = "1.16.1";

  final Path folder;
  final Path firecracker;
  final Path jailer;
  final Path machine;
  final Path journal;

  /** What the programs say of themselves, and the path of the API that gets no answer. */
  record Says(String firecracker, String jailer, String api, String silent) {
    static final Says GOOD = new Says(RELEASE, RELEASE, RELEASE, "");
  }

  private StandIn(Path folder) {
    this.folder = folder;
    this.firecracker = folder.resolve("firecracker");
    this.jailer = folder.resolve("jailer");
    this.machine = folder.resolve("machine");
    this.journal = folder.resolve("journal");
  }

  static StandIn in(Path folder) throws IOException {
    return in(folder, Says.GOOD);
  }

  static StandIn in(Path folder, Says says) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    StandIn standIn = new StandIn(folder);
    Path guest = folder.resolve("guest");
    try (InputStream program =
        Host.class.getResourceAsStream(
            "/org/clinisandbox/sandbox/guest/clinisandbox-guest-x86_64")) {
      Files.copy(program, guest);
    }
    executable(guest);
    standIn.write("firecracker", says.firecracker(), says, guest);
    standIn.write("jailer", says.jailer(), says, guest);
    Files.createFile(standIn.journal);
    Files.createDirectory(standIn.machine);
    standIn.writeMachine("\u007fELF");
    return standIn;
  }

  private void write(String name, String version, Says says, Path guest) throws IOException {
    String text;
    try (InputStream program = StandIn.class.getResourceAsStream(name)) {
      text = new String(program.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (var value :
        Map.of(
                "@VERSION@", version,
                "@API_VERSION@", says.api(),
                "@FAULT@", says.silent(),
                "@JOURNAL@", journal.toString(),
                "@GUEST@", guest.toString())
            .entrySet()) {
      text = text.replace(value.getKey(), value.getValue());
    }
    executable(Files.writeString(folder.resolve(name), text));
  }

  private static void executable(Path program) throws IOException {
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What machines boot, with a kernel that begins so. */
  void writeMachine(String kernel) throws IOException {
    StringBuilder sums = new StringBuilder();
    for (var file : Map.of("vmlinux", kernel, "initramfs.cpio", "070701").entrySet()) {
      Files.writeString(machine.resolve(file.getKey()), file.getValue());
      String digest = Digest.of(file.getValue().getBytes(StandardCharsets.UTF_8));
      sums.append(digest.replace("sha256:", "")).append("  ").append(file.getKey()).append('\n');
    }
    Files.writeString(machine.resolve("SHA256SUMS"), sums.toString());
  }

  Surroundings surroundings() {
    return new Surroundings(
        machine,
        name ->
            switch (name) {
              case "firecracker" -> Optional.of(firecracker);
              case "jailer" -> Optional.of(jailer);
              default -> Host.find(name);
            },
        folder);
  }

  /** The machine of a stand-in takes the root's path for the root. */
  Disks disks() {
    return image -> {
      try {
        Path disk =
            folder.resolve(
                "disk-"
                    + Digest.of(image.root().toString().getBytes(StandardCharsets.UTF_8))
                        .substring(7, 15));
        return Files.exists(disk) ? disk : Files.writeString(disk, image.root().toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /** A model that is a script of this host's shell. */
  static ModelImage.Container shell(String script) {
    return new ModelImage.Container(
        Digest.of(script.getBytes(StandardCharsets.UTF_8)),
        Path.of("/"),
        List.of("/bin/sh", "-c", script),
        List.of(),
        "/",
        Protocol.JSON_LINES,
        "script",
        "{}");
  }

  /** The API calls and the files opened, since this was asked last. */
  List<String> journal() throws IOException {
    List<String> lines = Files.readAllLines(journal);
    Files.writeString(journal, "");
    return lines;
  }

  /** Processes that name this path in their command line. */
  static List<ProcessHandle> processesOf(Path path) {
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process).contains(path.toString()))
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .toList();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  static void assertGone(Path path) throws InterruptedException {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!processesOf(path).isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    assertThat(processesOf(path)).isEmpty();
  }

  /** The stand-in's jailer makes real jails, and its guest is a program for x86_64. */
  static void need() throws IOException {
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    Requires.that(System.getProperty("os.arch").equals("amd64"), "the guest program is for x86_64");
    Requires.that(Host.find("python3").isPresent(), "python3 is not installed");
    Requires.that(root, "jails are made by root alone");
  }
}
