package org.clinisandbox.sandbox.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.guest.Enclosure;
import org.clinisandbox.sandbox.guest.GuestSandbox;
import org.clinisandbox.sandbox.guest.GuestSetup;

/** Walls that a process of this host makes, whose standard input and output are the guest's. */
public final class ProcessEnclosure implements Enclosure {
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);

  private final ConfinedProcess confined;

  public ProcessEnclosure(ConfinedProcess confined) {
    this.confined = confined;
  }

  /** What has to be started, once it is known. */
  public interface Walls {
    Confinement confinement() throws IOException, SandboxException;
  }

  /**
   * Starts the process, and in it a guest with this image's model.
   *
   * @throws SandboxException {@link Kind#HOST_FAILED} when the process cannot be started, {@link
   *     Kind#NOT_READY} when the model ends or is silent
   */
  public static Sandbox startGuest(
      Host host, Walls walls, ModelImage.Container image, Limits limits) throws SandboxException {
    long started = System.nanoTime();
    ConfinedProcess process;
    try {
      process = host.start(walls.confinement());
    } catch (IOException e) {
      throw new SandboxException(
          Kind.HOST_FAILED, "The sandbox cannot be started: " + e.getMessage() + ".");
    }
    return GuestSandbox.start(
        new ProcessEnclosure(process),
        GuestSetup.of(image, limits),
        limits,
        READY_TIMEOUT,
        started);
  }

  @Override
  public InputStream fromGuest() {
    return confined.process().getInputStream();
  }

  @Override
  public OutputStream toGuest() {
    return confined.process().getOutputStream();
  }

  @Override
  public void kill() {
    confined.kill();
  }

  @Override
  public boolean metMemoryLimit() {
    return confined.metMemoryLimit();
  }

  @Override
  public long heldBytes() {
    return confined.heldBytes();
  }

  @Override
  public String complaint() {
    return confined.complaint();
  }

  @Override
  public void close() {
    confined.close();
  }
}
