package org.clinisandbox.sandbox.bubblewrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Probe;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.guest.GuestSandbox;
import org.clinisandbox.sandbox.guest.GuestSetup;
import org.clinisandbox.sandbox.host.ConfinedProcess;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ProbeModel;
import org.clinisandbox.sandbox.host.ProcessEnclosure;

/**
 * Runs container images by bubblewrap: in namespaces of their own, without network, behind the
 * system-call filter, as a user who is nobody, within a control group where this host lets one be
 * made and within resource limits where not.
 */
public final class BubblewrapBackend implements Backend {
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);

  private static final String REMEDY =
      "Allow user namespaces (sysctl user.max_user_namespaces; in a container, a seccomp profile"
          + " that permits unshare).";

  private final Host host;
  private final Optional<Path> program = Host.find("bwrap");
  private final Map<Protocol, Path> filters = new EnumMap<>(Protocol.class);

  public BubblewrapBackend(Host host) {
    this.host = host;
  }

  @Override
  public String name() {
    return "bubblewrap";
  }

  @Override
  public Isolation isolation() {
    return Isolation.NAMESPACES;
  }

  @Override
  public boolean runs(ModelImage image) {
    return image instanceof ModelImage.Container;
  }

  @Override
  public Sandbox start(ModelImage image, Limits limits) throws SandboxException {
    long started = System.nanoTime();
    if (!(image instanceof ModelImage.Container container)) {
      throw new SandboxException(Kind.IMAGE_REFUSED, "bubblewrap runs container images only.");
    }
    Path bwrap =
        program.orElseThrow(
            () -> new SandboxException(Kind.ISOLATION_UNAVAILABLE, "bwrap is not installed."));
    ConfinedProcess process;
    try {
      BubblewrapCommand command =
          new BubblewrapCommand(host, bwrap, filter(container.protocol()), container, limits);
      process = host.start(command.confinement());
    } catch (IOException e) {
      throw new SandboxException(
          Kind.NOT_READY, "The sandbox cannot be started: " + e.getMessage() + ".");
    }
    return GuestSandbox.start(
        new ProcessEnclosure(process),
        GuestSetup.of(container, limits),
        limits,
        READY_TIMEOUT,
        started);
  }

  /** The filter's file; everybody may read it. */
  private synchronized Path filter(Protocol protocol) throws IOException {
    Path known = filters.get(protocol);
    if (known == null) {
      known = host.folder().resolve("filter-" + protocol.label());
      Files.write(known, SyscallFilter.of(protocol));
      filters.put(protocol, known);
    }
    return known;
  }

  @Override
  public Probe probe() {
    if (program.isEmpty()) {
      return Probe.unavailable(this, "bwrap is not installed.", "Install the package bubblewrap.");
    }
    if (!System.getProperty("os.arch").equals("amd64")) {
      return Probe.unavailable(
          this, "Its system-call filter is for x86_64 only.", "Use a machine of that kind.");
    }
    try {
      return Probe.of(
          this, ProbeModel.image(host), ProbeModel.LIMITS, host.boundsInWords(), REMEDY);
    } catch (IOException e) {
      return Probe.unavailable(this, "Its files cannot be written.", "Make room on the disk.");
    }
  }
}
