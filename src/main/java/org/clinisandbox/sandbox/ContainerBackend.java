package org.clinisandbox.sandbox;

import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.SandboxException.Kind;

/** A way of making sandboxes for container images alone. */
public interface ContainerBackend extends Backend {
  /** As {@link #start(ModelImage, Limits)}. */
  Sandbox startContainer(ModelImage.Container image, Limits limits) throws SandboxException;

  @Override
  default boolean runs(ModelImage image) {
    return image instanceof ModelImage.Container;
  }

  @Override
  default Sandbox start(ModelImage image, Limits limits) throws SandboxException {
    if (!(image instanceof ModelImage.Container container)) {
      throw new SandboxException(Kind.IMAGE_REFUSED, name() + " runs container images only.");
    }
    return startContainer(container, limits);
  }
}
