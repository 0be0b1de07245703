package org.clinisandbox.sandbox;

import java.nio.file.Path;

/** Where a model's program is, and the digest that pins it. */
public sealed interface ModelImage {
  /**
   * A WebAssembly module.
   *
   * @param file the module
   * @param digest {@code sha256:} and 64 hex digits
   */
  record Wasm(Path file, String digest) implements ModelImage {}

  /** No program: the mock. */
  record Mock(String reference) implements ModelImage {}
}
