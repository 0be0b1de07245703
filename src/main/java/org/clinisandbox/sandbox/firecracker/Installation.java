package org.clinisandbox.sandbox.firecracker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.sandbox.host.ConfinedProcess;
import org.clinisandbox.sandbox.host.Confinement;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.machine.Machine;

/**
 * Copies, in this process' own place, of all that machines are made with: what was looked at is
 * what runs, whatever is installed meanwhile.
 *
 * @param unshare of util-linux
 */
record Installation(Path firecracker, Path jailer, Path unshare, Machine machine, Release release) {
  private static final String GET_IT =
      "Install firecracker and jailer of one release from 1.16.1 on; docs/deploy-firecracker.md says"
          + " how.";
  private static final int VERSION_BYTES = 4096;
  private static final int VERSION_SECONDS = 10;
  private static final long VERSION_MEMORY = 64L << 20;
  private static final int VERSION_PROCESSES = 16;

  static Installation make(Host host, Surroundings surroundings) throws Lack {
    if (!System.getProperty("os.arch").equals("amd64")) {
      throw new Lack("The guest program is for x86_64 only.", "Use a machine of that kind.");
    }
    if (!host.isRoot()) {
      throw new Lack("Firecracker's jailer needs root.", "Run the worker as root.");
    }
    Path firecracker = program(surroundings, "firecracker", GET_IT);
    Path jailer = program(surroundings, "jailer", GET_IT);
    Path unshare = program(surroundings, "unshare", "Install the package util-linux.");
    if (!Files.exists(surroundings.kvm())) {
      throw new Lack(
          surroundings.kvm() + " is not there.",
          "Use bare metal or a virtual machine with nested virtualisation, and load kvm_intel or"
              + " kvm_amd.");
    }
    try {
      Path own = Files.createDirectories(host.folder().resolve("fc"));
      Path ownFirecracker = copy(firecracker, own.resolve("firecracker"));
      Path ownJailer = copy(jailer, own.resolve("jailer"));
      Release release = release(host, ownFirecracker, ownJailer);
      Machine machine = Machine.copy(surroundings.machine(), own);
      return new Installation(ownFirecracker, ownJailer, unshare, machine, release);
    } catch (IOException e) {
      throw new Lack(String.valueOf(e.getMessage()), "Then try again.");
    }
  }

  private static Path program(Surroundings surroundings, String name, String remedy) throws Lack {
    return surroundings
        .programs()
        .apply(name)
        .orElseThrow(() -> new Lack(name + " is not installed.", remedy));
  }

  private static Path copy(Path program, Path to) throws IOException {
    Files.copy(program, to, StandardCopyOption.REPLACE_EXISTING);
    Host.permit(to, "r-xr-xr-x");
    return to;
  }

  private static Release release(Host host, Path firecracker, Path jailer)
      throws Lack, IOException {
    String said = version(host, firecracker, "Firecracker ");
    Release release =
        Release.parse(said)
            .orElseThrow(() -> new Lack("firecracker calls itself " + said + ".", GET_IT));
    if (!release.isSupported()) {
      throw new Lack(release.fault() + ".", GET_IT);
    }
    String jailers = version(host, jailer, "Jailer ");
    if (!Release.parse(jailers).equals(Optional.of(release))) {
      throw new Lack(
          "The jailer is " + jailers + ", Firecracker " + said + ".",
          "Install both of one release.");
    }
    return release;
  }

  /** What it calls itself, shortened; run as nobody. */
  private static String version(Host host, Path program, String before) throws IOException {
    Confinement alone =
        new Confinement(
            List.of(program.toString(), "--version"),
            VERSION_MEMORY,
            1,
            VERSION_PROCESSES,
            Map.of(),
            Map.of(),
            Map.of("core", 0L),
            null);
    try (ConfinedProcess process = host.start(alone)) {
      if (!process.process().waitFor(VERSION_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(
            "The program " + program.getFileName() + " does not tell its version.");
      }
      byte[] said = process.process().getInputStream().readNBytes(VERSION_BYTES);
      String first = new String(said, StandardCharsets.UTF_8).lines().findFirst().orElse("nothing");
      String rest = first.startsWith(before) ? first.substring(before.length()) : first;
      return rest.replaceAll("[^ -~]", " ").strip();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The start was interrupted.", e);
    }
  }
}
