package org.clinisandbox.sandbox.qemu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.clinisandbox.sandbox.host.Host;
import org.jspecify.annotations.Nullable;

/**
 * A local socket on which this process listens and one other calls. Nothing waits for longer than
 * its deadline, whatever the caller does or does not do.
 */
final class Caller implements AutoCloseable {
  private final ServerSocketChannel listening;
  private final Selector selector;
  private @Nullable SocketChannel connection;
  private volatile boolean gone;

  private Caller(ServerSocketChannel listening, Selector selector) {
    this.listening = listening;
    this.selector = selector;
  }

  /**
   * @param user who may call, by number; 0 for the user of this process
   */
  static Caller listen(Path socket, int user) throws IOException {
    Caller caller =
        new Caller(ServerSocketChannel.open(StandardProtocolFamily.UNIX), Selector.open());
    try {
      caller.listening.bind(UnixDomainSocketAddress.of(socket), 1);
      Host.permit(socket, "rw-------");
      if (user != 0) {
        Files.setAttribute(socket, "unix:uid", user);
      }
      return caller;
    } catch (IOException e) {
      caller.close();
      throw e;
    }
  }

  /** The one that was to call has ended: whoever waits for it is told at once. */
  void gone() {
    gone = true;
    selector.wakeup();
  }

  /** Waits for the call, if it has not come yet. There is no other. */
  private SocketChannel connection(long deadline) throws IOException {
    SocketChannel known = connection;
    if (known == null) {
      await(listening, SelectionKey.OP_ACCEPT, deadline);
      known = listening.accept();
      connection = known;
      listening.close();
    }
    return known;
  }

  /** Waits until the channel can do this; it does not block from now on. */
  private void await(SelectableChannel channel, int operation, long deadline) throws IOException {
    channel.configureBlocking(false);
    channel.register(selector, operation);
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0 || selector.select(_ -> {}, millis) == 0) {
      throw new IOException(
          gone
              ? "QEMU ended"
              : Thread.currentThread().isInterrupted()
                  ? "interrupted"
                  : "QEMU did not answer in time");
    }
  }

  /**
   * Adds what has come next to this.
   *
   * @param deadline as {@link System#nanoTime()}
   * @return false at the end
   */
  boolean read(ByteArrayOutputStream into, long deadline) throws IOException {
    SocketChannel from = connection(deadline);
    await(from, SelectionKey.OP_READ, deadline);
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    int length = from.read(bytes);
    into.write(bytes.array(), 0, Math.max(length, 0));
    return length >= 0;
  }

  void write(byte[] bytes, long deadline) throws IOException {
    SocketChannel to = connection(deadline);
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      await(to, SelectionKey.OP_WRITE, deadline);
      to.write(left);
    }
  }

  @Override
  public void close() {
    try {
      selector.close();
      listening.close();
      if (connection != null) {
        connection.close();
      }
    } catch (IOException e) {
      // Closed as far as it goes.
    }
  }
}
