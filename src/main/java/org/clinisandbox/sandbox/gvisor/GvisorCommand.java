package org.clinisandbox.sandbox.gvisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.guest.GuestSetup;
import org.clinisandbox.sandbox.host.Confinement;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ImageRoot;

/**
 * What is started for one sandbox: bubblewrap makes a place that holds gVisor, the bundle, the
 * image and the guest program and nothing else, and gVisor is process 1 there, so that the kernel
 * ends all of it together.
 *
 * @param entry the folder with the guest program
 * @param bundle the folder with its configuration
 */
record GvisorCommand(
    Host host,
    Path bwrap,
    Path runsc,
    Platform platform,
    Path entry,
    Path bundle,
    ModelImage.Container image,
    Limits limits) {
  /** The guest program's name in its folder. */
  static final String GUEST = "guest";

  /** What gVisor itself takes beside the model: 16 MiB at rest, more with files and processes. */
  private static final long OWN_MEMORY_BYTES = 64L << 20;

  /** A process of the model is several of the host's: one for gVisor's threads to trace each. */
  private static final int HOST_PROCESSES = 8 * GuestSetup.PROCESSES;

  /** gVisor makes the file that is the model's memory larger by so much at a time. */
  private static final long MEMORY_FILE_STEP = 1L << 30;

  private static final long STATE_BYTES = 1 << 20;

  Confinement confinement() throws IOException {
    ImageRoot root = ImageRoot.of(host, image);
    return new Confinement(
        command(root),
        limits.memoryBytes() + OWN_MEMORY_BYTES,
        limits.cpus(),
        HOST_PROCESSES,
        root.binds(),
        Map.of(),
        Map.of("core", 0L),
        null);
  }

  private List<String> command(ImageRoot root) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(bwrap.toString());
    command.addAll(List.of("--unshare-all", "--unshare-user", "--die-with-parent"));
    command.addAll(List.of("--new-session", "--as-pid-1", "--clearenv"));
    command.addAll(List.of("--uid", "0", "--gid", "0", "--cap-add", "ALL"));
    bind(command, runsc, "/runsc");
    addImage(command, root);
    bind(command, entry, Bundle.ENTRY);
    bind(command, bundle, "/bundle");
    command.addAll(List.of("--proc", "/proc", "--dev-bind", "/dev/null", "/dev/null"));
    command.addAll(List.of("--dir", "/tmp"));
    command.addAll(List.of("--size", Long.toString(STATE_BYTES), "--tmpfs", "/state"));
    command.addAll(List.of("--remount-ro", "/", "--chdir", "/", "--"));
    if (!host.hasControlGroups()) {
      addBounds(command);
    }
    command.addAll(List.of("/runsc", "--rootless", "--root", "/state"));
    command.addAll(List.of("--platform=" + platform.label(), "--network=none"));
    command.addAll(List.of("--ignore-cgroups", "run", "--bundle", "/bundle", "sandbox"));
    return command;
  }

  /**
   * A root built from nothing, with each thing at the top of the image read-only in it. The image's
   * own mount would not do: gVisor changes the flags of the root's, which only its maker may.
   */
  private static void addImage(List<String> command, ImageRoot root) throws IOException {
    addFolder(command, Bundle.IMAGE);
    ImageRoot.OWN_FOLDERS.forEach(name -> addFolder(command, Bundle.IMAGE + "/" + name));
    command.addAll(root.options(Bundle.IMAGE + "/"));
  }

  private static void addFolder(List<String> command, String folder) {
    command.addAll(List.of("--perms", "0755", "--dir", folder));
  }

  private static void bind(List<String> command, Path source, String target) {
    command.addAll(List.of("--ro-bind", source.toString(), target));
  }

  /**
   * What stands in for a control group. Processes are counted in the new user namespace, so the
   * worker's own do not count; the model's memory is one file of gVisor's.
   */
  private void addBounds(List<String> command) {
    long steps = Math.ceilDiv(limits.memoryBytes(), MEMORY_FILE_STEP);
    command.addAll(List.of(Bundle.ENTRY + "/" + GUEST, "enter"));
    command.addAll(List.of("--limit", "nproc=" + HOST_PROCESSES));
    command.addAll(List.of("--limit", "fsize=" + steps * MEMORY_FILE_STEP, "--"));
  }
}
