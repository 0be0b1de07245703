package org.clinisandbox.sandbox.bubblewrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Protocol;
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
 * Runs container images by bubblewrap: in namespaces of their own, without network, behind the
 * system-call filter, as a user who is nobody, within a control group where this host lets one be
 * made and within resource limits where not.
 */
public final class BubblewrapBackend implements ContainerBackend {
  private static final String REMEDY =
      "Allow user namespaces (sysctl user.max_user_namespaces; in a container, a seccomp profile"
          + " that permits unshare and mount, and a /proc that is not masked).";

  private final Host host;
  private final Optional<Path> program;
  private final Map<Protocol, Path> filters = new EnumMap<>(Protocol.class);

  public BubblewrapBackend(Host host) {
    this(host, Host.find("bwrap"));
  }

  BubblewrapBackend(Host host, Optional<Path> program) {
    this.host = host;
    this.program = program;
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
  public Sandbox startContainer(ModelImage.Container image, Limits limits) throws SandboxException {
    Path bwrap =
        program.orElseThrow(
            () -> new SandboxException(Kind.ISOLATION_UNAVAILABLE, "bwrap is not installed."));
    return ProcessEnclosure.startGuest(
        host,
        () ->
            new BubblewrapCommand(host, bwrap, filter(image.protocol()), image, limits)
                .confinement(),
        image,
        limits);
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
