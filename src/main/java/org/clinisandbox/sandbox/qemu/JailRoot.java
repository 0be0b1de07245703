package org.clinisandbox.sandbox.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.machine.Machine;

/**
 * The folder that the processes of machines see as their root, read-only: QEMU, its libraries and
 * firmware, and what a machine boots. Copied once, so that all machines of this process run the
 * same bytes.
 */
final class JailRoot {
  static final String QEMU = "/usr/bin/qemu-system-x86_64";
  static final String FIRMWARE = "/firmware";
  static final String KERNEL = "/machine/vmlinux";
  static final String INITRAMFS = "/machine/initramfs.cpio";
  private static final String MACHINE = "/machine";
  static final String DISK = "/disk";
  static final String SOCKETS = "/run";

  private static final List<String> FIRMWARE_FILES = List.of("bios-microvm.bin", "pvh.bin");
  private static final String EMULATOR = "qemu/accel-tcg-x86_64.so";
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  private final Path folder;

  private JailRoot(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /**
   * @param folder to be made
   * @param qemu the program
   * @param machine has the kernel, the initramfs and their SHA256SUMS
   * @throws IOException when something is not there, or not what its sum says
   */
  static JailRoot make(Path folder, Path qemu, Path machine) throws IOException {
    JailRoot root = new JailRoot(folder);
    for (String mountPoint : List.of("/proc", "/dev", SOCKETS)) {
      root.makeFolders(root.at(mountPoint));
    }
    root.write(DISK, new byte[0]);
    root.makeFolders(root.at(MACHINE));
    Machine.copy(machine, root.at(MACHINE));
    root.copy(qemu, QEMU);
    Set<Path> places = new LinkedHashSet<>();
    for (Path library : words("ldd", qemu.toString())) {
      root.copy(library, library.toString());
      places.add(library.resolveSibling(EMULATOR));
    }
    for (Path emulator : places) {
      if (Files.exists(emulator)) {
        root.copy(emulator, emulator.toRealPath().toString());
      }
    }
    List<Path> firmware = lines(qemu.toString(), "-L", "help").stream().map(Path::of).toList();
    for (String file : FIRMWARE_FILES) {
      Path found =
          firmware.stream()
              .map(place -> place.resolve(file))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow(() -> new IOException("QEMU's firmware " + file + " is not installed"));
      root.copy(found, FIRMWARE + "/" + file);
    }
    return root;
  }

  private Path at(String path) {
    return folder.resolve(path.substring(1));
  }

  private void copy(Path source, String target) throws IOException {
    write(target, Files.readAllBytes(source));
  }

  private void write(String target, byte[] bytes) throws IOException {
    Path file = at(target);
    if (!Files.exists(file)) {
      makeFolders(file.resolveSibling(""));
      Files.write(file, bytes);
      Host.permit(file, "r-xr-xr-x");
    }
  }

  /** Everybody may look into them, whatever this process' mask is. */
  private void makeFolders(Path made) throws IOException {
    if (!Files.exists(made)) {
      if (!made.equals(folder)) {
        makeFolders(made.resolveSibling(""));
      }
      Files.createDirectory(made);
      Host.permit(made, "rwxr-xr-x");
    }
  }

  private static List<Path> words(String... command) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String line : lines(command)) {
      LIBRARY
          .matcher(line)
          .results()
          .map((MatchResult m) -> Path.of(m.group(1)))
          .forEach(files::add);
    }
    return files;
  }

  private static List<String> lines(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      return output.lines().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      process.destroyForcibly();
    }
  }
}
