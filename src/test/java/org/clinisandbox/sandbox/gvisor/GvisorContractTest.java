package org.clinisandbox.sandbox.gvisor;

import java.util.Set;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.contract.BackendContract;
import org.clinisandbox.sandbox.host.Host;

class GvisorContractTest extends BackendContract {
  @Override
  protected Backend open(Host host) {
    return new GvisorBackend(host);
  }

  @Override
  protected Set<String> ownKernels() {
    return Set.of(
        "unshare user",
        "clone user",
        "unshare mnt",
        "clone mnt",
        "unshare cgroup",
        "clone cgroup",
        "unshare time",
        "mknod of a character device",
        "mknod of a block device",
        "io_uring_setup",
        "syslog",
        "priority",
        "/dev/net",
        "/dev/fuse",
        "/dev/net/tun",
        "/sys/firmware/",
        "never killed for memory",
        "first environ",
        "first maps",
        "first auxv",
        "first fd",
        "first prlimit",
        "parent environ",
        "parent maps",
        "parent auxv",
        "parent fd",
        "parent prlimit");
  }

  /** gVisor's own process has a share of the memory and of the tasks, and goes first. */
  @Override
  protected boolean bombsEndTheModel() {
    return true;
  }
}
