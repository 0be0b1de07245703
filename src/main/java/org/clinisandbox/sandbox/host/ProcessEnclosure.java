package org.clinisandbox.sandbox.host;

import java.io.InputStream;
import java.io.OutputStream;
import org.clinisandbox.sandbox.guest.Enclosure;

/** Walls that a process of this host makes, whose standard input and output are the guest's. */
public final class ProcessEnclosure implements Enclosure {
  private final ConfinedProcess confined;

  public ProcessEnclosure(ConfinedProcess confined) {
    this.confined = confined;
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
