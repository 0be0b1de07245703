package org.clinisandbox.sandbox.firecracker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.ContainerBackend;
import org.clinisandbox.sandbox.Disks;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.guest.GuestSandbox;
import org.clinisandbox.sandbox.guest.GuestSetup;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProbeModel;
import org.clinisandbox.sandbox.machine.Templates;
import org.jspecify.annotations.Nullable;

/**
 * Runs container images in virtual machines by Firecracker: one is booted for each model and frozen
 * when the model is ready; each patient gets a machine of its own, restored from that.
 */
public final class FirecrackerBackend implements ContainerBackend {
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);
  private static final int MOST_SNAPSHOTS = 16;
  private static final int MOST_PROCESSORS = 32;

  private static final String REMEDY =
      "Check that KVM works (a guest of this host must boot), that the folder of this process lies"
          + " on a file system mounted without nodev and noexec, and docs/deploy-firecracker.md.";

  private final Host host;
  private final Disks disks;
  private final Surroundings surroundings;
  private final Templates<Snapshot> snapshots = new Templates<>(MOST_SNAPSHOTS);
  private @Nullable Installation installation;

  /**
   * With the programs on the {@code PATH}, which are looked for when they are first needed.
   *
   * @param machine the folder with {@code vmlinux}, {@code initramfs.cpio} and their sums
   */
  public FirecrackerBackend(Host host, Disks disks, Path machine) {
    this(host, disks, Surroundings.ofHost(machine));
  }

  FirecrackerBackend(Host host, Disks disks, Surroundings surroundings) {
    this.host = host;
    this.disks = disks;
    this.surroundings = surroundings;
  }

  @Override
  public String name() {
    return "firecracker";
  }

  @Override
  public Isolation isolation() {
    return Isolation.MICROVM;
  }

  @Override
  public Sandbox startContainer(ModelImage.Container image, Limits limits) throws SandboxException {
    long started = System.nanoTime();
    if (limits.cpus() > MOST_PROCESSORS) {
      throw new SandboxException(
          Kind.IMAGE_REFUSED, "The model asks for more than " + MOST_PROCESSORS + " processors.");
    }
    Installation found;
    try {
      found = installation();
    } catch (Lack lack) {
      throw lack.refusal();
    }
    Path disk = disks.disk(image);
    try (var lease =
        snapshots.take(Templates.Key.of(image, limits), () -> freeze(found, image, limits, disk))) {
      return restore(found, lease.template(), limits, started);
    }
  }

  /** What was found is kept; what was lacking is looked for again. */
  private synchronized Installation installation() throws Lack {
    Installation known = installation;
    if (known == null) {
      known = Installation.make(host, surroundings);
      installation = known;
    }
    return known;
  }

  private Snapshot freeze(Installation found, ModelImage.Container image, Limits limits, Path disk)
      throws SandboxException {
    long started = System.nanoTime();
    try {
      Vm vm =
          Vm.launch(
              host, found, Snapshot.bootFiles(found.machine(), disk), Snapshot.bootBounds(limits));
      try (vm) {
        Snapshot.boot(vm.api(), limits);
        VmEnclosure walls = vm.connect();
        try (Sandbox ready =
            GuestSandbox.start(
                walls, GuestSetup.of(image, limits), limits, READY_TIMEOUT, started)) {
          Snapshot.freeze(vm.api());
          if (!ready.isWaiting()) {
            throw new IOException("the model did not wait for its request");
          }
          return Snapshot.take(vm, newFolder(), disk);
        }
      }
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  /** A folder that only this process reaches into. */
  private Path newFolder() throws IOException {
    Path folder = host.newFolder();
    Host.permit(folder, "rwx------");
    return folder;
  }

  private Sandbox restore(Installation found, Snapshot snapshot, Limits limits, long started)
      throws SandboxException {
    try {
      Vm vm = Vm.launch(host, found, snapshot.files(), Snapshot.bounds(limits));
      VmEnclosure walls;
      try {
        Snapshot.restore(vm.api());
        walls = vm.connect();
      } catch (IOException e) {
        vm.close();
        throw e;
      }
      return GuestSandbox.resume(walls, limits, READY_TIMEOUT, started);
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  private static SandboxException trouble(IOException e) {
    return new SandboxException(
        Kind.HOST_FAILED, "The virtual machine cannot be started: " + e.getMessage() + ".");
  }

  @Override
  public Probe probe() {
    try {
      installation();
      return Probe.of(
          this, ProbeModel.image(host), ProbeModel.LIMITS, host.boundsInWords(), REMEDY);
    } catch (Lack lack) {
      return Probe.unavailable(this, lack.detail(), lack.remedy());
    } catch (IOException e) {
      return Probe.unavailable(this, "Its files cannot be written.", "Make room on the disk.");
    }
  }

  /** Removes the frozen machines. Sandboxes are closed before. */
  @Override
  public void close() {
    snapshots.close();
  }
}
