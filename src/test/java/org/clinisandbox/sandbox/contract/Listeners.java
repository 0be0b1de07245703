package org.clinisandbox.sandbox.contract;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers on this host's loopback that nobody in a sandbox may reach, counting who does. */
final class Listeners implements AutoCloseable {
  private final AtomicInteger heard = new AtomicInteger();
  private final ServerSocket tcp = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  private final DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private final Path path = Files.createTempDirectory("listener").resolve("socket");
  private final ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);

  private interface Hearing {
    void once() throws IOException;
  }

  Listeners() throws IOException {
    unix.bind(UnixDomainSocketAddress.of(path));
    listen(() -> tcp.accept().close());
    listen(
        () -> {
          DatagramPacket packet = new DatagramPacket(new byte[512], 512);
          udp.receive(packet);
          udp.send(packet);
        });
    listen(() -> unix.accept().close());
  }

  private void listen(Hearing hearing) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  hearing.once();
                  heard.incrementAndGet();
                }
              } catch (IOException e) {
                // Closed: the test is over.
              }
            });
  }

  int heard() {
    return heard.get();
  }

  String inputs() {
    return "{\"tcp_port\":{\"value\":%d},\"udp_port\":{\"value\":%d},\"unix_path\":{\"value\":\"%s\"}}"
        .formatted(tcp.getLocalPort(), udp.getLocalPort(), path);
  }

  @Override
  public void close() throws IOException {
    tcp.close();
    udp.close();
    unix.close();
    Files.deleteIfExists(path);
    Files.deleteIfExists(path.getParent());
  }
}
