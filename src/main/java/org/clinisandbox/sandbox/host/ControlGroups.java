package org.clinisandbox.sandbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where this process may make control groups: below its own groups in version 1 of Linux' control
 * groups, beside its own group in version 2, which wants processes in leaves only.
 *
 * @param parents the folder for each controller; in version 2 the same for all
 */
record ControlGroups(Map<Controller, Path> parents) {
  private static final String PREFIX = "clinisandbox-";

  /** What is needed of the kernel. */
  enum Controller {
    MEMORY,
    PIDS,
    CPU;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  ControlGroups {
    parents = Map.copyOf(parents);
  }

  /**
   * Those of this machine; empty unless memory, processes and processor time can all be bounded.
   */
  static Optional<ControlGroups> find() {
    try {
      return find(
          Files.readAllLines(Path.of("/proc/self/cgroup")),
          Files.readAllLines(Path.of("/proc/self/mountinfo")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Optional<ControlGroups> find(List<String> membership, List<String> mounts) {
    Map<String, String> own = new HashMap<>();
    for (String line : membership) {
      String[] fields = line.split(":", 3);
      for (String controller : fields[1].split(",", -1)) {
        own.put(controller, fields[2]);
      }
    }
    Map<Controller, Path> parents = new EnumMap<>(Controller.class);
    for (String line : mounts) {
      Mount mount = Mount.parse(line);
      for (Controller controller : Controller.values()) {
        Path parent =
            switch (mount.kind()) {
              case "cgroup" ->
                  mount.options().contains(controller.label())
                      ? mount.folder(own.getOrDefault(controller.label(), "/"))
                      : null;
              case "cgroup2" -> versionTwo(mount.folder(own.getOrDefault("", "/")), controller);
              default -> null;
            };
        if (parent != null && Files.isWritable(parent)) {
          parents.putIfAbsent(controller, parent);
        }
      }
    }
    return parents.size() == Controller.values().length
        ? Optional.of(new ControlGroups(parents))
        : Optional.empty();
  }

  /** One line of mountinfo, as proc(5) has it. */
  private record Mount(String root, Path point, String kind, List<String> options) {
    static Mount parse(String line) {
      String[] halves = line.split(" - ", 2);
      String[] before = halves[0].split(" ", -1);
      String[] after = halves[1].split(" ", -1);
      return new Mount(before[3], Path.of(before[4]), after[0], List.of(after[2].split(",", -1)));
    }

    /** A group's folder; the mount itself when it shows another part of the tree. */
    Path folder(String group) {
      Path folder = root.equals("/") ? point.resolve(group.substring(1)) : point;
      return Files.isDirectory(folder) ? folder : point;
    }
  }

  private static @Nullable Path versionTwo(Path own, Controller controller) {
    Path parent = own.getParent();
    return parent != null
            && read(parent.resolve("cgroup.procs")).isBlank()
            && List.of(read(parent.resolve("cgroup.subtree_control")).strip().split(" ", -1))
                .contains(controller.label())
        ? parent
        : null;
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Makes a group with these bounds.
   *
   * @param name unique on this host
   * @param memoryBytes swap included where the kernel counts it
   */
  ControlGroup create(String name, long memoryBytes, int cpus, int processes) throws IOException {
    ControlGroup group = group(name);
    try {
      group.make(memoryBytes, cpus, processes);
      return group;
    } catch (IOException e) {
      group.close();
      throw e;
    }
  }

  /** Ends and removes the groups whose names' rest this picks out. */
  void sweep(Predicate<String> abandoned) {
    Set<String> names = new LinkedHashSet<>();
    for (Path parent : parents.values()) {
      try (Stream<Path> groups = Files.list(parent)) {
        groups
            .map(group -> group.getFileName().toString())
            .filter(name -> name.startsWith(PREFIX))
            .map(name -> name.substring(PREFIX.length()))
            .filter(abandoned)
            .forEach(names::add);
      } catch (IOException e) {
        // What cannot be listed holds none of ours.
      }
    }
    names.forEach(name -> group(name).close());
  }

  private ControlGroup group(String name) {
    Map<Controller, Path> folders = new EnumMap<>(Controller.class);
    parents.forEach((controller, parent) -> folders.put(controller, parent.resolve(PREFIX + name)));
    return new ControlGroup(folders);
  }
}
