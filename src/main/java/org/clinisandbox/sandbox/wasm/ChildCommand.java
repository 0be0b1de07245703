package org.clinisandbox.sandbox.wasm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.host.Confinement;
import org.clinisandbox.sandbox.host.Host;

/**
 * How a child JVM is started.
 *
 * @param jar the classes it runs
 * @param heapBytes its heap at most
 * @param bwrap what puts a jail around it; empty for none
 */
record ChildCommand(Host host, Path jar, long heapBytes, Optional<Path> bwrap) {
  /** What a JVM takes beside its heap: code, classes, threads' stacks. */
  private static final long BESIDE_THE_HEAP = 512L << 20;

  private static final int PROCESSES = 4096;
  private static final String NOBODY = "65534";
  private static final String SCRATCH_BYTES = "65536";

  /** Where programs' libraries are on the systems that have bubblewrap. */
  private static final List<Path> LIBRARIES =
      Stream.of("/lib", "/lib64", "/usr/lib", "/usr/lib64").map(Path::of).toList();

  /**
   * Within these bounds, and without what belongs to nobody but the parent: no environment, and a
   * crash is not written down, because it would be a patient's memory.
   *
   * @param folder its own, with the host's socket in it
   * @param socket the socket's name
   */
  Confinement confinement(Path folder, String socket) throws IOException {
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    Path visible = host.isRoot() ? Files.createDirectories(host.folder().resolve("jdk")) : home;
    return new Confinement(
        bwrap
            .map(program -> jailed(program, visible, folder, socket))
            .orElseGet(() -> java(visible, jar, folder.resolve(socket))),
        heapBytes + BESIDE_THE_HEAP,
        Runtime.getRuntime().availableProcessors(),
        PROCESSES,
        host.isRoot() ? Map.of(home, visible) : Map.of(),
        Map.of(),
        Map.of("core", 0L),
        folder);
  }

  private List<String> java(Path home, Path classes, Path socket) {
    return List.of(
        home.resolve("bin").resolve("java").toString(),
        "-Xmx" + heapBytes,
        "-Xms16m",
        "-XX:MaxNewSize=32m",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-XX:+DisableAttachMechanism",
        "-XX:+SuppressFatalErrorMessage",
        "-Xshare:auto",
        "-cp",
        classes.toString(),
        ChildJar.MAIN,
        socket.toString());
  }

  /** A root made from nothing: the JDK and the libraries it wants, the jar, the socket. */
  private List<String> jailed(Path program, Path home, Path folder, String socket) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(
        List.of("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"));
    command.addAll(List.of("--new-session", "--clearenv", "--hostname", "sandbox"));
    command.addAll(List.of("--uid", NOBODY, "--gid", NOBODY, "--cap-drop", "ALL"));
    for (Path libraries : LIBRARIES) {
      if (Files.isSymbolicLink(libraries)) {
        command.addAll(List.of("--symlink", target(libraries), libraries.toString()));
      } else {
        readable(command, libraries, libraries);
      }
    }
    readable(command, Path.of("/etc/ld.so.cache"), Path.of("/etc/ld.so.cache"));
    // Debian's own JDKs have their configuration there.
    Path settings = Path.of("/etc/java-" + Runtime.version().feature() + "-openjdk");
    readable(command, settings, settings);
    readable(command, home, Path.of("/jdk"));
    readable(command, jar, Path.of("/child.jar"));
    readable(command, folder, Path.of("/run"));
    command.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"));
    command.addAll(List.of("--size", SCRATCH_BYTES, "--tmpfs", "/tmp"));
    command.addAll(List.of("--remount-ro", "/", "--chdir", "/tmp", "--"));
    command.addAll(java(Path.of("/jdk"), Path.of("/child.jar"), Path.of("/run", socket)));
    return command;
  }

  private static void readable(List<String> command, Path source, Path target) {
    command.addAll(List.of("--ro-bind-try", source.toString(), target.toString()));
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
