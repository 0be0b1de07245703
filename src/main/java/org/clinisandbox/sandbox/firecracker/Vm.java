package org.clinisandbox.sandbox.firecracker;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.clinisandbox.sandbox.host.ConfinedProcess;
import org.clinisandbox.sandbox.host.Confinement;
import org.clinisandbox.sandbox.host.Host;

/**
 * One Firecracker process in its jail, as a user of its own. It sees its files as read-only mounts
 * that exist for it alone and end with it.
 */
final class Vm implements AutoCloseable {
  /** Names inside the jail. */
  static final String VSOCK = "/v";

  private static final String API = "/a";

  /** Beside the machine's memory: Firecracker, the jailer and the program in front of them. */
  private static final long OWN_BYTES = 64L << 20;

  private static final int OWN_PROCESSES = 32;
  private static final int OPEN_FILES = 512;
  private static final int LONGEST_SOCKET_PATH = 107;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 1_000_000;

  /**
   * The first process in the VM's PID namespace. When it goes, the kernel ends all others; it goes
   * with its parent, which goes with this process. The jailer changes users and would outlive both.
   * Nothing that a guest writes to a serial port is kept.
   */
  private static final String FIRST_PROCESS = "\"$@\" </dev/null >/dev/null; exit \"$?\"";

  private final Path root;
  private final int user;
  private final ConfinedProcess process;
  private final Api api;

  private Vm(Path root, int user, ConfinedProcess process) {
    this.root = root;
    this.user = user;
    this.process = process;
    this.api = new Api(root.resolve(API.substring(1)), user, PATIENCE);
  }

  /**
   * What one VM may use.
   *
   * @param memoryBytes of the process, its page cache included
   * @param writtenBytes of one file that it writes
   */
  record Bounds(long memoryBytes, int cpus, long writtenBytes) {}

  /**
   * Starts Firecracker and waits for its API.
   *
   * @param files by the names that it finds them by, as {@code /vmlinux}
   */
  static Vm launch(Host host, Installation installation, Map<String, Path> files, Bounds bounds)
      throws IOException {
    String id = host.newName();
    id = id.substring(id.lastIndexOf('-') + 1);
    Path folder = host.folder().resolve("firecracker").resolve(id);
    Path root = folder.resolve("root");
    if (root.resolve(VSOCK.substring(1)).toString().getBytes(StandardCharsets.UTF_8).length
        > LONGEST_SOCKET_PATH) {
      throw new IOException(
          "the folder " + host.folder() + " has too long a name for sockets; use a shorter one");
    }
    Files.createDirectories(root);
    Map<Path, Path> binds = new HashMap<>();
    for (var file : files.entrySet()) {
      binds.put(file.getValue(), Files.createFile(root.resolve(file.getKey().substring(1))));
    }
    int user = host.newUser();
    Confinement confinement =
        new Confinement(
            command(host, installation, id, user, bounds.writtenBytes()),
            bounds.memoryBytes() + OWN_BYTES,
            bounds.cpus(),
            OWN_PROCESSES + bounds.cpus(),
            binds,
            Map.of(),
            Map.of("core", 0L),
            folder);
    Vm vm = new Vm(root, user, host.startAsSelf(confinement));
    try {
      vm.awaitApi(installation.release());
      return vm;
    } catch (IOException e) {
      vm.close();
      throw e;
    }
  }

  private static List<String> command(
      Host host, Installation installation, String id, int user, long writtenBytes) {
    String number = Integer.toString(user);
    return List.of(
        installation.unshare().toString(),
        "--pid",
        "--net",
        "--ipc",
        "--fork",
        "--kill-child",
        "--",
        "/bin/sh",
        "-c",
        FIRST_PROCESS,
        "sh",
        installation.jailer().toString(),
        "--id",
        id,
        "--exec-file",
        installation.firecracker().toString(),
        "--uid",
        number,
        "--gid",
        number,
        "--chroot-base-dir",
        host.folder().toString(),
        "--resource-limit",
        "no-file=" + OPEN_FILES,
        "--resource-limit",
        "fsize=" + writtenBytes,
        "--",
        "--api-sock",
        API);
  }

  private void awaitApi(Release expected) throws IOException {
    Path socket = root.resolve(API.substring(1));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isThere(socket)) {
      pause(deadline, "Firecracker does not open its API");
    }
    while (true) {
      try {
        String release = api.release();
        if (!Release.parse(release).equals(Optional.of(expected))) {
          throw new IOException("Firecracker " + expected + " calls itself " + release);
        }
        return;
      } catch (ConnectException e) {
        pause(deadline, "Firecracker does not serve its API");
      }
    }
  }

  private static boolean isThere(Path socket) {
    return Files.exists(socket, LinkOption.NOFOLLOW_LINKS);
  }

  /** Waits a moment, unless it is too late or the process has gone. */
  private void pause(long deadline, String trouble) throws IOException {
    if (!process.process().isAlive()) {
      String complaint = process.complaint().replaceAll("[^ -~]+", " ").strip();
      throw new IOException(complaint.isEmpty() ? "Firecracker ended at once" : complaint);
    }
    if (System.nanoTime() > deadline) {
      throw new IOException(trouble);
    }
    LockSupport.parkNanos(PAUSE_NANOS);
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("the start was interrupted");
    }
  }

  Api api() {
    return api;
  }

  ConfinedProcess process() {
    return process;
  }

  /** Connects to the guest, which may still be on its way. */
  VmEnclosure connect() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        SocketChannel guest =
            Vsock.connect(root.resolve(VSOCK.substring(1)), user, deadline - System.nanoTime());
        return new VmEnclosure(this, guest);
      } catch (IOException e) {
        pause(deadline, String.valueOf(e.getMessage()));
      }
    }
  }

  /**
   * Takes a file that the VM wrote out of its jail.
   *
   * @param name as the VM knows it
   */
  void takeOut(String name, Path to) throws IOException {
    Files.move(root.resolve(name.substring(1)), to);
  }

  /**
   * Makes a file that a VM wrote one that nobody changes any more. The VM must have ended.
   *
   * @throws IOException when it is not the plain file that it should be
   */
  static void freeze(Path file) throws IOException {
    boolean plain =
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && Files.getAttribute(file, "unix:nlink").equals(1);
    if (!plain) {
      throw new IOException("Firecracker's snapshot is no plain file");
    }
    Files.setAttribute(file, "unix:uid", 0);
    Files.setAttribute(file, "unix:gid", 0);
    Host.permit(file, "r--r--r--");
  }

  void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
    api.close();
  }
}
