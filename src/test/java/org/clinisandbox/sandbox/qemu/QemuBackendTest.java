package org.clinisandbox.sandbox.qemu;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.contract.BackendContract;
import org.clinisandbox.sandbox.contract.HostileModels;
import org.clinisandbox.sandbox.host.Ext4;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.HostDisks;

class QemuBackendTest extends BackendContract {
  @Override
  protected Set<String> ownKernels() {
    return Set.of(
        "userfaultfd for user mode",
        "keyctl",
        "add_key",
        "request_key",
        "name_to_handle_at",
        "personality",
        "/proc/keys",
        "other processes answer to signals");
  }

  @Override
  protected Backend open(Host host) throws Exception {
    MachineHost.needed();
    Path disk = host.folder().resolve("hostile.ext4");
    Files.deleteIfExists(disk);
    Ext4.make(HostileModels.image("spin").root(), disk);
    return new QemuBackend(host, new HostDisks(host, image -> disk), MachineHost.MACHINE);
  }
}
