package org.clinisandbox.sandbox;

import java.nio.file.Path;
import java.util.List;
import org.clinisandbox.registry.Protocol;
import org.jspecify.annotations.Nullable;

/** Where a model's program is, and the digest that pins it. */
public sealed interface ModelImage {
  /** {@code sha256:} and 64 hex digits; null when there is no program. */
  @Nullable String digest();

  /**
   * A WebAssembly module.
   *
   * @param file the module
   */
  record Wasm(Path file, String digest) implements ModelImage {}

  /**
   * A file system of its own.
   *
   * @param root the folder that it sees as its root; read-only
   * @param arguments the program and its arguments
   * @param environment {@code NAME=value}
   * @param model the name that it goes by where its protocol has one
   * @param rehearsal a request of nobody's, which a machine copied for a patient rehearses with
   */
  record Container(
      String digest,
      Path root,
      List<String> arguments,
      List<String> environment,
      String workingFolder,
      Protocol protocol,
      String model,
      String rehearsal)
      implements ModelImage {
    public Container {
      arguments = List.copyOf(arguments);
      environment = List.copyOf(environment);
    }
  }

  /** No program: the mock. */
  record Mock(String reference) implements ModelImage {
    @Override
    public @Nullable String digest() {
      return null;
    }
  }
}
