package org.clinisandbox.sandbox;

import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;

/** A way of making sandboxes. */
public interface Backend extends AutoCloseable {
  /** The name in results and {@code doctor}, as {@code wasm}. */
  String name();

  Isolation isolation();

  /** Whether this backend can run images of this kind at all. */
  boolean runs(ModelImage image);

  /**
   * Starts the model and waits for its ready line.
   *
   * @throws SandboxException when the image is not what its digest says, asks for more than it is
   *     granted, or does not get ready
   */
  Sandbox start(ModelImage image, Limits limits) throws SandboxException;

  /** Proves this backend by really starting a sandbox of it, within a deadline. */
  Probe probe();

  /**
   * Ends what this backend keeps running for sandboxes to come. Its sandboxes are closed before.
   */
  @Override
  default void close() {}
}
