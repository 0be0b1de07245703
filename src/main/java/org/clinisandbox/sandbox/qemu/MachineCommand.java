package org.clinisandbox.sandbox.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.host.Confinement;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.machine.Machine;

/**
 * How a machine's process is started: QEMU, in a jail by bubblewrap, within bounds. A machine that
 * is booted and its copies have the same devices.
 *
 * @param disk the model's image
 * @param limits of the model
 * @param folder of this process alone, with the sockets that it calls
 */
record MachineCommand(
    Host host,
    Path bwrap,
    JailRoot root,
    Accelerator accelerator,
    long counterKiloHertz,
    Path disk,
    Limits limits,
    Path folder) {
  static final String MONITOR_SOCKET = "monitor";
  static final String STATE_SOCKET = "state";
  static final int STATE_DESCRIPTOR = 11;

  private static final int MEMORY_DESCRIPTOR = 10;
  private static final long MIB = 1 << 20;

  /** What QEMU needs beside its machine's memory. */
  private static final long QEMU_BYTES = 160 * MIB;

  /** What it reserves of addresses without using them. */
  private static final long RESERVED_BYTES = 1024 * MIB;

  private static final int QEMU_THREADS = 80;
  private static final String NOBODY = "65534";

  /** The machine's memory. */
  static long machineBytes(Limits limits) {
    return Machine.memoryMebibytes(limits) * MIB;
  }

  /** A machine that starts from nothing, and whose memory others will be copied from. */
  Confinement boot(SealedMemory memory) {
    List<String> options = new ArrayList<>(machine("on"));
    options.addAll(List.of("-kernel", JailRoot.KERNEL, "-initrd", JailRoot.INITRAMFS));
    options.addAll(
        List.of(
            "-append",
            "quiet loglevel=1 panic=-1 reboot=t tsc=reliable mitigations=off random.trust_cpu=on"
                + " nokaslr cryptomgr.notests tsc_early_khz="
                + counterKiloHertz));
    return confinement(options, Map.of(MEMORY_DESCRIPTOR, memory.file()));
  }

  /** A copy, which goes on from this memory and state. */
  Confinement copy(SealedMemory memory, SealedMemory state) {
    List<String> options = new ArrayList<>(machine("off"));
    options.addAll(List.of("-incoming", "defer"));
    return confinement(
        options, Map.of(MEMORY_DESCRIPTOR, memory.file(), STATE_DESCRIPTOR, state.file()));
  }

  private List<String> machine(String share) {
    long bytes = machineBytes(limits);
    return List.of(
        "-nodefaults",
        "-no-user-config",
        "-no-reboot",
        "-L",
        JailRoot.FIRMWARE,
        "-display",
        "none",
        "-nic",
        "none",
        "-serial",
        "none",
        "-M",
        "microvm,acpi=on,rtc=on,pit=off,pic=off,isa-serial=off,memory-backend=ram",
        "-accel",
        accelerator.option(),
        "-cpu",
        "max",
        "-smp",
        Integer.toString(limits.cpus()),
        "-m",
        bytes / MIB + "M",
        "-object",
        "memory-backend-file,id=ram,size="
            + bytes
            + ",mem-path=/proc/self/fd/"
            + MEMORY_DESCRIPTOR
            + ",share="
            + share,
        "-sandbox",
        "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
        "-chardev",
        "socket,id=monitor,path=" + JailRoot.SOCKETS + "/" + MONITOR_SOCKET,
        "-mon",
        "chardev=monitor,mode=control",
        "-device",
        "virtio-serial-device",
        "-chardev",
        "stdio,id=guest,signal=off",
        "-device",
        "virtserialport,chardev=guest,name=sbx.rpc",
        "-drive",
        "id=model,format=raw,if=none,readonly=on,file.locking=off,file=" + JailRoot.DISK,
        "-device",
        "virtio-blk-device,drive=model");
  }

  private Confinement confinement(List<String> options, Map<Integer, Path> descriptors) {
    Path reachable = host.isRoot() ? root.folder().resolve(JailRoot.DISK.substring(1)) : disk;
    List<String> command = new ArrayList<>();
    command.add(bwrap.toString());
    command.addAll(List.of("--unshare-all", "--unshare-user", "--disable-userns"));
    command.addAll(List.of("--die-with-parent", "--new-session", "--as-pid-1", "--clearenv"));
    command.addAll(List.of("--uid", NOBODY, "--gid", NOBODY, "--cap-drop", "ALL"));
    command.addAll(List.of("--hostname", "sandbox"));
    command.addAll(List.of("--ro-bind", root.folder().toString(), "/"));
    command.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    if (accelerator == Accelerator.KVM) {
      command.addAll(List.of("--dev-bind", "/dev/kvm", "/dev/kvm"));
    }
    command.addAll(List.of("--remount-ro", "/dev"));
    command.addAll(List.of("--ro-bind", folder.toString(), JailRoot.SOCKETS));
    command.addAll(List.of("--ro-bind", reachable.toString(), JailRoot.DISK));
    command.addAll(List.of("--chdir", "/", "--", JailRoot.QEMU));
    command.addAll(options);
    // A page that the template never had and a copy writes to is held twice: once in the template's
    // file, as zeros that the next copies share, and once by the copy itself.
    long bytes = 2 * machineBytes(limits) + QEMU_BYTES;
    return new Confinement(
        command,
        bytes,
        limits.cpus(),
        QEMU_THREADS + limits.cpus(),
        host.isRoot() ? Map.of(disk, reachable) : Map.of(),
        descriptors,
        host.hasControlGroups()
            ? Map.of("core", 0L)
            : Map.of("core", 0L, "as", bytes + RESERVED_BYTES),
        folder);
  }
}
