package org.clinisandbox.sandbox.bubblewrap;

import java.io.IOException;
import java.nio.file.Files;
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

/** What bubblewrap is told for one sandbox: a root built from nothing, and what is let in. */
record BubblewrapCommand(
    Host host, Path bwrap, Path filter, ModelImage.Container image, Limits limits) {
  private static final String FILTER_DESCRIPTOR = "10";
  private static final String GUEST_DESCRIPTOR = "11";
  private static final String GUEST = "/.clinisandbox/guest";
  private static final String NOBODY = "65534";
  private static final long SHARED_MEMORY_BYTES = 16 << 20;

  /** What /proc tells of the host that no model needs; empty inside. */
  private static final List<String> HIDDEN =
      List.of(
          "cmdline",
          "config.gz",
          "kallsyms",
          "kcore",
          "key-users",
          "keys",
          "kmsg",
          "kpagecount",
          "modules",
          "sched_debug",
          "slabinfo",
          "swaps",
          "sysrq-trigger",
          "timer_list",
          "vmallocinfo");

  Confinement confinement() throws IOException {
    ImageRoot root = ImageRoot.of(host, image);
    return new Confinement(
        command(root),
        limits.memoryBytes(),
        limits.cpus(),
        GuestSetup.PROCESSES,
        root.binds(),
        Map.of(
            Integer.valueOf(FILTER_DESCRIPTOR),
            filter,
            Integer.valueOf(GUEST_DESCRIPTOR),
            host.guest()),
        host.hasControlGroups()
            ? Map.of("core", 0L)
            : Map.of("core", 0L, "as", limits.memoryBytes()),
        null);
  }

  private List<String> command(ImageRoot root) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(bwrap.toString());
    command.addAll(
        List.of("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"));
    command.addAll(List.of("--new-session", "--as-pid-1", "--clearenv"));
    command.addAll(List.of("--uid", NOBODY, "--gid", NOBODY, "--cap-drop", "ALL"));
    command.addAll(List.of("--hostname", "sandbox"));
    command.addAll(root.options("/"));
    command.addAll(List.of("--proc", "/proc"));
    for (String name : HIDDEN) {
      if (Files.exists(Path.of("/proc", name))) {
        command.addAll(List.of("--ro-bind", "/dev/null", "/proc/" + name));
      }
    }
    command.addAll(List.of("--dev", "/dev"));
    command.addAll(List.of("--size", Long.toString(SHARED_MEMORY_BYTES), "--tmpfs", "/dev/shm"));
    command.addAll(List.of("--remount-ro", "/dev"));
    command.addAll(
        List.of("--size", Long.toString(GuestSetup.tmpBytes(limits)), "--tmpfs", "/tmp"));
    // Its bytes, not its place: a mount would show the host's folder inside.
    command.addAll(List.of("--perms", "0555", "--file", GUEST_DESCRIPTOR, GUEST));
    command.addAll(List.of("--remount-ro", "/", "--chdir", "/"));
    command.addAll(List.of("--seccomp", FILTER_DESCRIPTOR, "--", GUEST));
    return command;
  }
}
