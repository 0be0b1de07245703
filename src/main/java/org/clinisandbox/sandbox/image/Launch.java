package org.clinisandbox.sandbox.image;

import java.util.List;
import java.util.stream.Stream;

/**
 * What an image starts.
 *
 * @param arguments the program and its arguments, at least the program
 * @param environment {@code NAME=value} each
 * @param workingFolder an absolute path inside the image
 */
public record Launch(List<String> arguments, List<String> environment, String workingFolder) {
  private static final int MOST_CHARACTERS = 128 << 10;
  private static final int MOST_STRINGS = 4096;

  /** Copies the lists. */
  public Launch {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
  }

  /** Refuses what no process could be started with. */
  Launch checked() throws ImageException {
    if (arguments.isEmpty() || arguments.getFirst().isEmpty()) {
      throw ImageException.refused("does not say what to start; give it an entry point");
    }
    List<String> all =
        Stream.of(arguments, environment, List.of(workingFolder)).flatMap(List::stream).toList();
    if (all.size() > MOST_STRINGS
        || all.stream().mapToLong(String::length).sum() > MOST_CHARACTERS) {
      throw ImageException.refused("has more arguments and environment than 128 Ki characters");
    }
    if (all.stream().anyMatch(text -> text.indexOf('\0') >= 0)) {
      throw ImageException.refused("has a NUL byte in its arguments or environment");
    }
    if (environment.stream().anyMatch(variable -> variable.indexOf('=') < 1)) {
      throw ImageException.refused("has an environment entry that is not NAME=value");
    }
    if (!workingFolder.startsWith("/")) {
      throw ImageException.refused("has a working folder that is no absolute path");
    }
    return this;
  }
}
