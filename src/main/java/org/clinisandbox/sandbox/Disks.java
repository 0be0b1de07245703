package org.clinisandbox.sandbox;

import java.nio.file.Path;

/** The same images as files that a virtual machine takes for disks. */
public interface Disks {
  /**
   * An ext4 file system with what the image's root holds, made once and verified at each call.
   *
   * @throws SandboxException when it cannot be made, or is not what it was
   */
  Path disk(ModelImage.Container image) throws SandboxException;
}
