package org.clinisandbox.sandbox.gvisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.ContainerBackend;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProbeModel;
import org.clinisandbox.sandbox.host.ProcessEnclosure;

/**
 * Runs container images by gVisor's {@code runsc}: the model's system calls are answered by a
 * kernel in user space, which has no network, sees the image read-only and runs as a user who is
 * nobody, in process and mount namespaces that bubblewrap makes. Nothing here needs root.
 */
public final class GvisorBackend implements ContainerBackend {
  private static final String REMEDY =
      "Allow user namespaces (sysctl user.max_user_namespaces; in a container, a seccomp profile"
          + " that permits unshare and mount, and a /proc that is not masked) and ptrace (sysctl kernel.yama.ptrace_scope below"
          + " 3).";

  private final Host host;
  private final Optional<Path> runsc;
  private final Optional<Path> bwrap;
  private final SharedFolders folders;

  public GvisorBackend(Host host) {
    this(host, Host.find("runsc"), Host.find("bwrap"));
  }

  GvisorBackend(Host host, Optional<Path> runsc, Optional<Path> bwrap) {
    this.host = host;
    this.runsc = runsc;
    this.bwrap = bwrap;
    this.folders = new SharedFolders(host);
  }

  @Override
  public String name() {
    return "gvisor";
  }

  @Override
  public Isolation isolation() {
    return Isolation.GVISOR;
  }

  @Override
  public Sandbox startContainer(ModelImage.Container image, Limits limits) throws SandboxException {
    return ProcessEnclosure.startGuest(
        host, () -> command(image, limits).confinement(), image, limits);
  }

  private GvisorCommand command(ModelImage.Container image, Limits limits)
      throws SandboxException, IOException {
    Path gvisor = installed(runsc, "runsc").toRealPath();
    return new GvisorCommand(
        host,
        installed(bwrap, "bwrap"),
        gvisor,
        Platform.of(gvisor),
        folders.entry(),
        folders.bundle(limits),
        image,
        limits);
  }

  private static Path installed(Optional<Path> program, String name) throws SandboxException {
    return program.orElseThrow(
        () -> new SandboxException(Kind.ISOLATION_UNAVAILABLE, name + " is not installed."));
  }

  @Override
  public Probe probe() {
    if (runsc.isEmpty()) {
      return Probe.unavailable(this, "runsc is not installed.", "Install the package runsc.");
    }
    if (bwrap.isEmpty()) {
      return Probe.unavailable(this, "bwrap is not installed.", "Install the package bubblewrap.");
    }
    if (!System.getProperty("os.arch").equals("amd64")) {
      return Probe.unavailable(
          this, "Its guest program is for x86_64 only.", "Use a machine of that kind.");
    }
    try {
      Platform platform = Platform.of(runsc.get().toRealPath());
      return Probe.of(
          this,
          ProbeModel.image(host),
          ProbeModel.LIMITS,
          "Its platform is " + platform.label() + ". " + host.boundsInWords(),
          REMEDY);
    } catch (IOException e) {
      return Probe.unavailable(
          this, "It cannot be tried out: " + e.getMessage() + ".", "Make room on the disk.");
    }
  }
}
