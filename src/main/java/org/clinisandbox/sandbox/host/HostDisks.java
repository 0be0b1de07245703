package org.clinisandbox.sandbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.clinisandbox.sandbox.Disks;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;

/** The disks of stored images, and of the model that backends are tried out with. */
public final class HostDisks implements Disks {
  private final Host host;
  private final Disks stored;

  public HostDisks(Host host, Disks stored) {
    this.host = host;
    this.stored = stored;
  }

  @Override
  public Path disk(ModelImage.Container image) throws SandboxException {
    if (!image.digest().equals(ProbeModel.DIGEST)) {
      return stored.disk(image);
    }
    try {
      return probe(image.root());
    } catch (IOException e) {
      throw new SandboxException(
          Kind.ISOLATION_UNAVAILABLE, "A disk cannot be made: " + e.getMessage() + ".");
    }
  }

  private synchronized Path probe(Path root) throws IOException {
    Path disk = host.folder().resolve("probe.ext4");
    if (!Files.exists(disk)) {
      Path unfinished = host.folder().resolve("probe.ext4.tmp");
      Ext4.make(root, unfinished);
      Files.move(unfinished, disk, StandardCopyOption.ATOMIC_MOVE);
    }
    return disk;
  }
}
