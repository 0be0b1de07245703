package org.clinisandbox.sandbox.firecracker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;

/** A connection to the guest through the socket that Firecracker makes of its vsock device. */
final class Vsock {
  /** Where the guest listens. */
  private static final int PORT = 1024;

  private static final int LONGEST_ANSWER = 32;

  private Vsock() {}

  /**
   * One attempt.
   *
   * @param user whose socket it must be
   * @param nanos how long to wait for the guest
   * @throws IOException when the guest does not listen yet, or never will
   */
  static SocketChannel connect(Path socket, int user, long nanos) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      // A machine that broke out of itself might have put another's in its place.
      String peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
      if (!peer.equals(Integer.toString(user))) {
        throw new IOException("the vsock socket is not the machine's");
      }
      channel.write(
          ByteBuffer.wrap(("CONNECT " + PORT + "\n").getBytes(StandardCharsets.US_ASCII)));
      String answer = readLine(channel, System.nanoTime() + nanos);
      if (!answer.matches("OK \\d{1,10}")) {
        throw new IOException("the guest does not listen");
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Byte by byte: what follows the line is the guest's. */
  private static String readLine(SocketChannel channel, long deadline) throws IOException {
    StringBuilder line = new StringBuilder();
    ByteBuffer one = ByteBuffer.allocate(1);
    channel.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      while (line.length() < LONGEST_ANSWER) {
        one.clear();
        int read = channel.read(one);
        if (read < 0) {
          throw new IOException("the guest does not listen");
        }
        if (read == 0) {
          await(selector, deadline);
        } else if (one.get(0) == '\n') {
          break;
        } else {
          line.append((char) one.get(0));
        }
      }
    }
    channel.configureBlocking(true);
    return line.toString();
  }

  private static void await(Selector selector, long deadline) throws IOException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0 || Thread.currentThread().isInterrupted()) {
      throw new IOException("the guest does not answer");
    }
    selector.select(millis);
    selector.selectedKeys().clear();
  }
}
