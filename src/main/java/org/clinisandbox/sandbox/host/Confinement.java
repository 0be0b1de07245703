package org.clinisandbox.sandbox.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a process of a sandbox may use of this host.
 *
 * @param command the program, by its full path, and its arguments
 * @param memoryBytes of everything it starts together, where control groups can be made
 * @param cpus processors
 * @param processes processes and threads
 * @param binds folders and files that it sees at other places than where they lie, for a user that
 *     could not reach them; needs a host that runs as root
 * @param descriptors files that it finds opened for reading
 * @param limits resource limits by the names that the guest program's {@code enter} knows
 * @param folder its own, which it works in, removed with it; null when it has none
 */
public record Confinement(
    List<String> command,
    long memoryBytes,
    int cpus,
    int processes,
    Map<Path, Path> binds,
    Map<Integer, Path> descriptors,
    Map<String, Long> limits,
    @Nullable Path folder) {
  public Confinement {
    command = List.copyOf(command);
    binds = Map.copyOf(binds);
    descriptors = Map.copyOf(descriptors);
    limits = Map.copyOf(limits);
  }
}
