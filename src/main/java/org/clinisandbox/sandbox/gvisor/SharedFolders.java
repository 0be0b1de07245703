package org.clinisandbox.sandbox.gvisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.host.Host;

/** What many sandboxes read and none writes, in this host's place. It goes with that. */
final class SharedFolders {
  private final Host host;

  SharedFolders(Host host) {
    this.host = host;
  }

  private interface Content {
    void write(Path folder) throws IOException;
  }

  /** A folder with the guest program alone: what gVisor mounts on a folder must be one. */
  Path entry() throws IOException {
    return folder(
        "entry",
        folder -> {
          Path guest = folder.resolve(GvisorCommand.GUEST);
          Files.copy(host.guest(), guest, StandardCopyOption.REPLACE_EXISTING);
          Host.permit(guest, "r-xr-xr-x");
        });
  }

  /** The bundle of every sandbox with this much memory. */
  Path bundle(Limits limits) throws IOException {
    return folder(
        "bundle-" + limits.memoryBytes(), new Bundle(limits, !host.hasControlGroups())::write);
  }

  private synchronized Path folder(String name, Content content) throws IOException {
    Path folder = host.folder().resolve(name);
    if (!Files.exists(folder)) {
      Path made = Files.createDirectories(host.folder().resolve(name + "-in-the-making"));
      content.write(made);
      Host.permit(made, "rwxr-xr-x");
      Files.move(made, folder);
    }
    return folder;
  }
}
