package org.clinisandbox.sandbox.firecracker;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.clinisandbox.sandbox.host.Host;

/**
 * Where things of the host are.
 *
 * @param machine the folder with what a machine boots
 * @param programs finds a program by its name
 * @param kvm the device of KVM
 */
record Surroundings(Path machine, Function<String, Optional<Path>> programs, Path kvm) {
  static Surroundings ofHost(Path machine) {
    return new Surroundings(machine, Host::find, Path.of("/dev/kvm"));
  }
}
