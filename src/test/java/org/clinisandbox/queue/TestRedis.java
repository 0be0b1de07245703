package org.clinisandbox.queue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A real Redis on a free port of this machine. */
public final class TestRedis implements AutoCloseable {
  private final int port;
  private final RedisServer server;

  /** Finds a port, and starts nothing yet. */
  public TestRedis() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    server = new RedisServer(port);
  }

  public TestRedis start() throws IOException {
    server.start();
    return this;
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    server.stop();
  }
}
