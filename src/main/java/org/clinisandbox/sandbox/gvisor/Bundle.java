package org.clinisandbox.sandbox.gvisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.guest.GuestSetup;
import org.clinisandbox.sandbox.host.Host;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one file of an OCI bundle: what the sandbox looks like from inside. The guest program is its
 * first process, and everything in it user 65534.
 *
 * @param boundEach whether each process is held to the memory limit, for want of a control group
 */
record Bundle(Limits limits, boolean boundEach) {
  /** Where gVisor finds the image's root. */
  static final String IMAGE = "/image";

  /** Where gVisor finds the folder with the guest program. */
  static final String ENTRY = "/entry";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String GUEST_FOLDER = "/.clinisandbox";
  private static final int NOBODY = 65534;
  private static final int OPEN_FILES = 256;
  private static final long SHARED_MEMORY_BYTES = 16 << 20;

  /** Writes it so that everybody may read it. */
  void write(Path folder) throws IOException {
    Path file = Files.write(folder.resolve("config.json"), JSON.writeValueAsBytes(config()));
    Host.permit(file, "rw-r--r--");
  }

  private ObjectNode config() {
    ObjectNode config = JSON.createObjectNode();
    config.put("ociVersion", "1.0.2").put("hostname", "sandbox");
    config.putObject("root").put("path", IMAGE).put("readonly", true);
    process(config.putObject("process"));
    ArrayNode mounts = config.putArray("mounts");
    mount(mounts, "/proc", "proc", "proc");
    mount(mounts, GUEST_FOLDER, "bind", ENTRY, "ro");
    memory(mounts, "/tmp", GuestSetup.tmpBytes(limits));
    memory(mounts, "/dev/shm", SHARED_MEMORY_BYTES);
    ArrayNode namespaces = config.putObject("linux").putArray("namespaces");
    for (String kind : List.of("pid", "ipc", "uts", "mount", "network")) {
      namespaces.addObject().put("type", kind);
    }
    return config;
  }

  private void process(ObjectNode process) {
    process.putObject("user").put("uid", NOBODY).put("gid", NOBODY);
    process.putArray("args").add(GUEST_FOLDER + "/" + GvisorCommand.GUEST);
    process.putArray("env");
    process.put("cwd", "/").put("noNewPrivileges", true);
    ObjectNode capabilities = process.putObject("capabilities");
    for (String set : List.of("bounding", "effective", "inheritable", "permitted", "ambient")) {
      capabilities.putArray(set);
    }
    ArrayNode bounds = process.putArray("rlimits");
    bound(bounds, "RLIMIT_CORE", 0);
    bound(bounds, "RLIMIT_NOFILE", OPEN_FILES);
    bound(bounds, "RLIMIT_NPROC", GuestSetup.PROCESSES);
    if (boundEach) {
      bound(bounds, "RLIMIT_AS", limits.memoryBytes());
    }
  }

  private static void bound(ArrayNode bounds, String kind, long most) {
    bounds.addObject().put("type", kind).put("hard", most).put("soft", most);
  }

  private static void memory(ArrayNode mounts, String place, long bytes) {
    mount(mounts, place, "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777", "size=" + bytes);
  }

  private static void mount(
      ArrayNode mounts, String place, String kind, String source, String... options) {
    ObjectNode mount = mounts.addObject();
    mount.put("destination", place).put("type", kind).put("source", source);
    ArrayNode chosen = mount.putArray("options");
    for (String option : options) {
      chosen.add(option);
    }
  }
}
