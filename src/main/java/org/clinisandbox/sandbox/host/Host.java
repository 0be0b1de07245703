package org.clinisandbox.sandbox.host;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.FileTree;
import org.jspecify.annotations.Nullable;

/**
 * This process' place on the host for the processes of its sandboxes: a folder, control groups,
 * users that are nobody's. What a process that was killed has left is removed by the next that
 * opens its own place.
 */
public final class Host implements AutoCloseable {
  private static final String PREFIX = "clinisandbox-run-";
  private static final String GUEST = "clinisandbox-guest-x86_64";

  /** User numbers above those that systems and container tools give away. */
  public static final int FIRST_USER = 0x70000000;

  private static final int USERS = 1 << 27;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final AtomicLong COUNT = new AtomicLong();

  /** Whether the guest program runs here. Where not, processes are started as they are. */
  private static final boolean ENTERS =
      System.getProperty("os.name").equals("Linux")
          && System.getProperty("os.arch").equals("amd64");

  private final Path folder;
  private final Path guest;
  private final Owner owner;
  private final boolean root;
  private final Optional<ControlGroups> groups;

  private Host(Path folder, Path guest, Owner owner, boolean root, Optional<ControlGroups> groups) {
    this.folder = folder;
    this.guest = guest;
    this.owner = owner;
    this.root = root;
    this.groups = groups;
  }

  /** A process, so that a later one with its number is not taken for it. */
  private record Owner(long pid, long startMillis) {
    static Owner of(ProcessHandle process) {
      return new Owner(
          process.pid(),
          process.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L));
    }

    String name() {
      return pid + "-" + startMillis;
    }

    /** Whether a name that begins with an owner's belongs to a process that is no more. */
    static boolean isGone(String name) {
      String[] parts = name.split("-", 3);
      if (parts.length < 3 || !parts[0].matches("\\d{1,18}")) {
        return false;
      }
      return ProcessHandle.of(Long.parseLong(parts[0]))
          .map(process -> !of(process).name().equals(parts[0] + "-" + parts[1]))
          .orElse(true);
    }
  }

  /**
   * Opens a place below this folder, which other users must be able to pass through.
   *
   * @throws UncheckedIOException when the folder cannot be written
   */
  public static Host open(Path base) {
    try {
      Optional<ControlGroups> groups = ENTERS ? ControlGroups.find() : Optional.empty();
      groups.ifPresent(found -> found.sweep(Owner::isGone));
      sweep(base);
      Owner owner = Owner.of(ProcessHandle.current());
      Path folder =
          Files.createDirectory(
              base.resolve(PREFIX + owner.name() + "-" + Long.toHexString(RANDOM.nextLong())));
      permit(folder, "rwx--x--x");
      boolean root = ENTERS && (Integer) Files.getAttribute(folder, "unix:uid") == 0;
      return new Host(folder, guest(folder), owner, root, groups);
    } catch (IOException e) {
      throw new UncheckedIOException("No sandbox can be made below " + base + ".", e);
    }
  }

  private static Path guest(Path folder) throws IOException {
    Path guest = folder.resolve("guest");
    try (InputStream program =
        Host.class.getResourceAsStream("/org/clinisandbox/sandbox/guest/" + GUEST)) {
      if (program == null) {
        throw new IOException("The guest program is not in this jar.");
      }
      Files.copy(program, guest);
    }
    permit(guest, "r-xr-xr-x");
    return guest;
  }

  private static void sweep(Path base) throws IOException {
    try (Stream<Path> files = Files.list(base)) {
      files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .filter(file -> Owner.isGone(file.getFileName().toString().substring(PREFIX.length())))
          .forEach(Host::removeTree);
    }
  }

  /** Removes a folder with all that is in it, as far as that can be removed. */
  static void removeTree(Path folder) {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      // Another user's; the next sweep tries again.
    }
  }

  /**
   * Sets who may do what with a file, where the file system knows of such.
   *
   * @param permissions as {@code ls} shows them
   */
  public static void permit(Path file, String permissions) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
  }

  /** A program's full path, looked for as a shell would; empty when it is not installed. */
  public static Optional<Path> find(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator, -1)), Stream.of("/usr/sbin", "/sbin"))
        .map(entry -> Path.of(entry).resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** This process' own folder: its owner may write there, others may pass through. */
  public Path folder() {
    return folder;
  }

  /** The guest program; everybody may run it. */
  public Path guest() {
    return guest;
  }

  /** Whether this process is root, and its sandboxes' processes therefore other users. */
  public boolean isRoot() {
    return root;
  }

  /** Whether memory, processes and processor time of a sandbox can be bounded together. */
  public boolean hasControlGroups() {
    return groups.isPresent();
  }

  /** How far memory and processor time of a sandbox are bounded here, for people. */
  public String boundsInWords() {
    return groups.isPresent()
        ? "Memory, processes and processor time are held by control groups."
        : "No control group can be made here: memory is bounded for each process, not for all of a"
            + " sandbox together, and processor time by the deadline alone.";
  }

  /** A name that no other sandbox on this host has or had. */
  public String newName() {
    return owner.name() + "-" + COUNT.incrementAndGet();
  }

  /** A new folder of one sandbox. */
  public Path newFolder() throws IOException {
    Path made = Files.createDirectory(folder.resolve(newName()));
    permit(made, "rwx--x--x");
    return made;
  }

  /** A user number that nobody on this host has. */
  public int newUser() {
    return FIRST_USER + RANDOM.nextInt(USERS);
  }

  /**
   * Starts a process within its bounds; as a user of its own when this process is root. It has no
   * environment, and dies with this process.
   */
  public ConfinedProcess start(Confinement confinement) throws IOException {
    return start(confinement, root ? newUser() : 0);
  }

  /**
   * As {@link #start(Confinement)}, as this user when this process is root.
   *
   * @param user as {@link #newUser()} gave it
   */
  public ConfinedProcess start(Confinement confinement, int user) throws IOException {
    return launch(confinement, root ? List.of("--user", Integer.toString(user)) : List.of());
  }

  /**
   * As {@link #start(Confinement)}, but as the user of this process: for a program that makes walls
   * of its own and then takes another user.
   */
  public ConfinedProcess startAsSelf(Confinement confinement) throws IOException {
    return launch(confinement, List.of());
  }

  private ConfinedProcess launch(Confinement confinement, List<String> user) throws IOException {
    ControlGroup group =
        groups.isPresent()
            ? groups
                .get()
                .create(
                    newName(),
                    confinement.memoryBytes(),
                    confinement.cpus(),
                    confinement.processes())
            : null;
    try {
      Process process = Spawner.start(command(confinement, group, user), confinement.folder());
      return new ConfinedProcess(process, group, confinement.folder());
    } catch (IOException e) {
      if (group != null) {
        group.close();
      }
      throw e;
    }
  }

  private List<String> command(
      Confinement confinement, @Nullable ControlGroup group, List<String> user) {
    if (!ENTERS) {
      return confinement.command();
    }
    List<String> command = new ArrayList<>(List.of(guest.toString(), "enter"));
    if (group != null) {
      group.folders().forEach(entered -> command.addAll(List.of("--cgroup", entered.toString())));
    }
    confinement
        .binds()
        .forEach(
            (source, target) ->
                command.addAll(List.of("--bind", source.toString(), target.toString())));
    command.addAll(user);
    confinement
        .limits()
        .forEach((name, value) -> command.addAll(List.of("--limit", name + "=" + value)));
    confinement
        .descriptors()
        .forEach((number, file) -> command.addAll(List.of("--open", number + "=" + file)));
    command.add("--");
    command.addAll(confinement.command());
    return command;
  }

  /** Removes this place. Sandboxes are closed before it. */
  @Override
  public void close() {
    removeTree(folder);
  }
}
