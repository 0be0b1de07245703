package org.clinisandbox.sandbox.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Disks;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProbeModel;
import org.jspecify.annotations.Nullable;

/** What this host has for machines, found out when it is first needed. */
final class Hypervisor {
  static final String REMEDY =
      "Install qemu-system-x86, bubblewrap and e2fsprogs, and run make guest for the machine's"
          + " kernel.";

  private static final Path KVM = Path.of("/dev/kvm");
  private static final Duration KVM_TIMEOUT = Duration.ofSeconds(15);

  private final Host host;
  private final Path machine;
  private @Nullable Machines machines;
  private String whyNoKvm = "this host has no " + KVM;

  /**
   * @param machine the folder with what machines boot
   */
  Hypervisor(Host host, Path machine) {
    this.host = host;
    this.machine = machine;
  }

  /**
   * How machines are made here.
   *
   * @throws IOException when something is missing, or not what it should be
   */
  synchronized Machines machines(Disks disks) throws IOException {
    Machines known = machines;
    if (known == null) {
      known = find(disks);
      machines = known;
    }
    return known;
  }

  private Machines find(Disks disks) throws IOException {
    if (!System.getProperty("os.arch").equals("amd64")) {
      throw new IOException("its kernel is for x86_64 only");
    }
    Path bwrap = program("bwrap");
    Path qemu = program("qemu-system-x86_64");
    JailRoot root = JailRoot.make(host.folder().resolve(host.newName()), qemu, machine);
    Machines translated =
        new Machines(host, bwrap, root, Accelerator.TCG, TimeStampCounter.kiloHertz());
    Machines helped =
        new Machines(host, bwrap, root, Accelerator.KVM, translated.counterKiloHertz());
    return Files.exists(KVM) && works(helped, disks) ? helped : translated;
  }

  private static Path program(String name) throws IOException {
    return Host.find(name).orElseThrow(() -> new IOException(name + " is not installed"));
  }

  /**
   * Whether a machine really boots, is copied and answers. That the device is there says nothing: a
   * host may offer it and never run a kernel.
   */
  private boolean works(Machines helped, Disks disks) throws IOException {
    ModelImage.Container image = ProbeModel.image(host);
    try {
      Path disk = disks.disk(image);
      try (Template template = helped.freeze(image, disk, ProbeModel.LIMITS, KVM_TIMEOUT);
          Sandbox copy = helped.copy(template, disk, ProbeModel.LIMITS, System.nanoTime())) {
        whyNoKvm = "a machine with it did not answer";
        return copy.ask("{}".getBytes(StandardCharsets.UTF_8)) instanceof Answer.Replied;
      }
    } catch (SandboxException e) {
      whyNoKvm = "a boot with it failed";
      return false;
    }
  }

  /** What carries out the machines' instructions. */
  String inWords(Machines found) {
    return switch (found.accelerator()) {
      case KVM -> "QEMU with KVM, which a real boot has proved.";
      case TCG ->
          "QEMU without KVM ("
              + whyNoKvm
              + "): it translates instructions, and arithmetic takes 15 to 25 times as long.";
    };
  }
}
