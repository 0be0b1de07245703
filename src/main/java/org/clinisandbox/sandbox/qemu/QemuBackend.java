package org.clinisandbox.sandbox.qemu;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.ContainerBackend;
import org.clinisandbox.sandbox.Disks;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProbeModel;
import org.clinisandbox.sandbox.machine.Templates;

/**
 * Runs container images in virtual machines by QEMU, with the processor's help where a real boot
 * has proved that it is there, by translation elsewhere. Each QEMU is in a jail of bubblewrap's.
 *
 * <p>A machine is booted once for each model and frozen when the model is ready. Each patient gets
 * a copy, with a time and randomness of its own.
 */
public final class QemuBackend implements ContainerBackend {
  private static final Duration IDLE = Duration.ofMinutes(15);
  private static final int SHARE_OF_MEMORY = 8;

  private final Host host;
  private final Disks disks;
  private final Hypervisor hypervisor;
  private final Templates<Template> templates = new Templates<>(memoryForTemplates());
  private final ScheduledExecutorService sweeper;

  /**
   * @param disks of the images, and of the model that backends are tried out with
   * @param machine the folder with vmlinux, initramfs.cpio and their SHA256SUMS
   */
  public QemuBackend(Host host, Disks disks, Path machine) {
    this.host = host;
    this.disks = disks;
    this.hypervisor = new Hypervisor(host, machine);
    this.sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("templates").daemon().factory());
    var _ =
        sweeper.scheduleWithFixedDelay(
            () -> templates.dropUnused(IDLE),
            IDLE.toSeconds(),
            IDLE.toSeconds() / 4,
            TimeUnit.SECONDS);
  }

  private static long memoryForTemplates() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
        / SHARE_OF_MEMORY;
  }

  @Override
  public String name() {
    return "qemu";
  }

  @Override
  public Isolation isolation() {
    return Isolation.MICROVM;
  }

  @Override
  public Sandbox startContainer(ModelImage.Container image, Limits limits) throws SandboxException {
    long started = System.nanoTime();
    Machines machines = machines();
    Path disk = disks.disk(image);
    try (var lease =
        templates.take(
            Templates.Key.of(image, limits),
            () -> machines.freeze(image, disk, limits, Machines.BOOT_TIMEOUT))) {
      return machines.copy(lease.template(), disk, limits, started);
    }
  }

  private Machines machines() throws SandboxException {
    try {
      return hypervisor.machines(disks);
    } catch (IOException e) {
      throw new SandboxException(
          Kind.ISOLATION_UNAVAILABLE,
          "No machine can be made: "
              + String.valueOf(e.getMessage()).replaceFirst("\\.$", "")
              + ".");
    }
  }

  @Override
  public Probe probe() {
    try {
      ModelImage image = ProbeModel.image(host);
      Machines machines = machines();
      try (Sandbox booted = start(image, ProbeModel.LIMITS)) {
        return Probe.of(
            this,
            image,
            ProbeModel.LIMITS,
            hypervisor.inWords(machines)
                + " A model's machine boots once, here in "
                + booted.readyTime().toMillis()
                + " ms; each patient gets a copy. "
                + host.boundsInWords(),
            Hypervisor.REMEDY);
      }
    } catch (IOException e) {
      return Probe.unavailable(this, "Its files cannot be written.", "Make room on the disk.");
    } catch (SandboxException e) {
      return Probe.unavailable(this, String.valueOf(e.getMessage()), Hypervisor.REMEDY);
    }
  }

  /** Lets go of the frozen machines. Sandboxes are closed before. */
  @Override
  public void close() {
    sweeper.shutdownNow();
    templates.close();
  }
}
