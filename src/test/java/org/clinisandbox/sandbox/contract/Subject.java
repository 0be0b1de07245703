package org.clinisandbox.sandbox.contract;

import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.Disks;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.TestModels;
import org.clinisandbox.sandbox.bubblewrap.BubblewrapBackend;
import org.clinisandbox.sandbox.gvisor.GvisorBackend;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.HostDisks;
import org.clinisandbox.sandbox.qemu.QemuBackend;
import org.clinisandbox.sandbox.wasm.WasmBackend;

/**
 * A backend that hostile programs are tried in, and in what it may differ from others.
 *
 * @param opening makes the backend; skips the test where this machine lacks what that takes
 * @param images the image of a program and its arguments, as {@code memory children}
 * @param ownKernels what a model may reach because it is of the kernel that the sandbox has for
 *     itself, and nothing of the host's
 * @param keepsProcesses whether a process serves sandboxes to come, so that only its backend's end
 *     shows what is left
 * @param bombsEndTheModel whether a bomb of processes may end the model instead of being refused
 */
public record Subject(
    String name,
    Opening opening,
    Function<String, ModelImage> images,
    Set<String> ownKernels,
    boolean keepsProcesses,
    boolean bombsEndTheModel) {
  /** The guest's kernel and its first files, as {@code make guest} makes them. */
  public static final Path MACHINE = Path.of("guest", "out");

  /** Makes a backend, with the disks of the images that it is to run. */
  public interface Opening {
    Backend on(Host host, Disks disks) throws Exception;
  }

  /** Modules, which have no system calls. */
  public static final Subject WASM =
      new Subject(
          "wasm",
          (host, disks) -> new WasmBackend(host),
          TestModels::hostile,
          Set.of(),
          true,
          false);

  public static final Subject BUBBLEWRAP =
      container("bubblewrap", (host, disks) -> new BubblewrapBackend(host), Set.of(), false);

  /** gVisor's own process has a share of the memory and of the tasks, and goes first. */
  public static final Subject GVISOR =
      container(
          "gvisor",
          (host, disks) -> new GvisorBackend(host),
          Set.of(
              "unshare user",
              "clone user",
              "unshare mnt",
              "clone mnt",
              "unshare cgroup",
              "clone cgroup",
              "unshare time",
              "mknod of a character device",
              "mknod of a block device",
              "io_uring_setup",
              "syslog",
              "priority",
              "/dev/net",
              "/dev/fuse",
              "/dev/net/tun",
              "/sys/firmware/",
              "never killed for memory",
              "first environ",
              "first maps",
              "first auxv",
              "first fd",
              "first prlimit",
              "parent environ",
              "parent maps",
              "parent auxv",
              "parent fd",
              "parent prlimit"),
          true);

  public static final Subject QEMU =
      container(
          "qemu",
          Subject::machines,
          Set.of(
              "userfaultfd for user mode",
              "keyctl",
              "add_key",
              "request_key",
              "name_to_handle_at",
              "personality",
              "/proc/keys",
              "other processes answer to signals"),
          false);

  private static Subject container(
      String name, Opening opening, Set<String> ownKernels, boolean bombsEndTheModel) {
    return new Subject(name, opening, HostileModels::image, ownKernels, false, bombsEndTheModel);
  }

  private static Backend machines(Host host, Disks disks) {
    Requires.machines();
    return new QemuBackend(host, new HostDisks(host, disks), MACHINE);
  }
}
