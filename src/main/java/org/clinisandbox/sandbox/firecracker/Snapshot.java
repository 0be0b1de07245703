package org.clinisandbox.sandbox.firecracker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.machine.Machine;
import org.clinisandbox.sandbox.machine.Templates;

/**
 * A machine frozen with its model ready. Nobody can change its files; each machine restored from
 * them writes to memory of its own.
 *
 * @param folder this process' alone
 * @param disk the model's
 */
record Snapshot(Path folder, Path disk) implements Templates.Template {
  private static final String KERNEL = "/vmlinux";
  private static final String INITRAMFS = "/initramfs.cpio";
  private static final String DISK = "/model.ext4";
  private static final String STATE = "/vmstate";
  private static final String MEMORY = "/memory";
  private static final int GUEST_CID = 3;

  /** What a restored machine's process writes: its process number. */
  private static final long LITTLE = 1 << 16;

  /** What a snapshot's memory file has beside the memory itself. */
  private static final long SLACK = 16L << 20;

  /**
   * No console, no network, no other PCI or keyboard hardware to look for. A model that makes the
   * kernel fail ends its machine.
   */
  private static final String BOOT_ARGUMENTS =
      "quiet loglevel=1 panic=-1 reboot=k pci=off 8250.nr_uarts=0 i8042.noaux i8042.nomux"
          + " i8042.dumbkbd random.trust_cpu=on cryptomgr.notests";

  /** Files of a machine that boots. */
  static Map<String, Path> bootFiles(Machine machine, Path disk) {
    return Map.of(KERNEL, machine.kernel(), INITRAMFS, machine.initramfs(), DISK, disk);
  }

  /** Of a machine that boots and is then frozen: its memory's file counts for it too. */
  static Vm.Bounds bootBounds(Limits limits) {
    long memory = Machine.memoryMebibytes(limits) << 20;
    return new Vm.Bounds(2 * memory, limits.cpus(), memory + SLACK);
  }

  /** Has a fresh process boot the machine. */
  static void boot(Api api, Limits limits) throws IOException {
    api.put(
        "/machine-config",
        fields(
            "vcpu_count", limits.cpus(),
            "mem_size_mib", Machine.memoryMebibytes(limits),
            "smt", false));
    api.put(
        "/boot-source",
        fields(
            "kernel_image_path", KERNEL,
            "initrd_path", INITRAMFS,
            "boot_args", BOOT_ARGUMENTS));
    api.put(
        "/drives/model",
        fields(
            "drive_id",
            "model",
            "path_on_host",
            DISK,
            "is_root_device",
            false,
            "is_read_only",
            true));
    api.put("/vsock", fields("guest_cid", GUEST_CID, "uds_path", Vm.VSOCK));
    api.put("/entropy", Map.of());
    api.put("/actions", fields("action_type", "InstanceStart"));
  }

  /** Has a process freeze its machine. */
  static void freeze(Api api) throws IOException {
    api.patch("/vm", fields("state", "Paused"));
    api.put(
        "/snapshot/create",
        fields("snapshot_type", "Full", "snapshot_path", STATE, "mem_file_path", MEMORY));
  }

  /** What a frozen machine has left, whose end this is. */
  static Snapshot take(Vm vm, Path folder, Path disk) throws IOException {
    Snapshot snapshot = new Snapshot(folder, disk);
    vm.takeOut(STATE, snapshot.file(STATE));
    vm.takeOut(MEMORY, snapshot.file(MEMORY));
    vm.close();
    Vm.freeze(snapshot.file(STATE));
    Vm.freeze(snapshot.file(MEMORY));
    return snapshot;
  }

  /** Files of a machine restored from this. */
  Map<String, Path> files() {
    return Map.of(STATE, file(STATE), MEMORY, file(MEMORY), DISK, disk);
  }

  static Vm.Bounds bounds(Limits limits) {
    return new Vm.Bounds(Machine.memoryMebibytes(limits) << 20, limits.cpus(), LITTLE);
  }

  /** Has a fresh process go on from here. */
  static void restore(Api api) throws IOException {
    api.put(
        "/snapshot/load",
        fields(
            "snapshot_path",
            STATE,
            "mem_backend",
            fields("backend_type", "File", "backend_path", MEMORY),
            "resume_vm",
            true));
  }

  private Path file(String name) {
    return folder.resolve(name.substring(1));
  }

  /** In their order. */
  private static Map<String, Object> fields(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file(STATE));
      Files.deleteIfExists(file(MEMORY));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // It goes with this process' place.
    }
  }
}
