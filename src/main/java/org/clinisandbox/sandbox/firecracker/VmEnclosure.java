package org.clinisandbox.sandbox.firecracker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import org.clinisandbox.sandbox.guest.Enclosure;

/** A VM around a guest, and the connection to it. */
final class VmEnclosure implements Enclosure {
  private final Vm vm;
  private final SocketChannel guest;
  private final InputStream fromGuest;
  private final OutputStream toGuest;

  VmEnclosure(Vm vm, SocketChannel guest) {
    this.vm = vm;
    this.guest = guest;
    this.fromGuest = Channels.newInputStream(guest);
    this.toGuest = Channels.newOutputStream(guest);
  }

  @Override
  public InputStream fromGuest() {
    return fromGuest;
  }

  @Override
  public OutputStream toGuest() {
    return toGuest;
  }

  @Override
  public void kill() {
    vm.kill();
  }

  @Override
  public boolean metMemoryLimit() {
    return vm.process().metMemoryLimit();
  }

  @Override
  public long heldBytes() {
    return vm.process().heldBytes();
  }

  @Override
  public String complaint() {
    return vm.process().complaint();
  }

  @Override
  public void close() {
    vm.close();
    try {
      guest.close();
    } catch (IOException e) {
      // The other end is gone.
    }
  }
}
