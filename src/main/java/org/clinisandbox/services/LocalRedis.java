package org.clinisandbox.services;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;

/** A Redis on loopback with its files in a data folder, and a password. */
final class LocalRedis implements AutoCloseable {
  private final RedisServer server;
  private final String password;

  private LocalRedis(RedisServer server, String password) {
    this.server = server;
    this.password = password;
  }

  static LocalRedis start(DataFolder folder, Path files, Path binaries) throws IOException {
    int port = freePort();
    String password = OwnerOnly.password(folder.resolve("redis.password"));
    // In a file: a command line is for every user of this machine to read.
    Path settings = files.resolve("redis.conf");
    OwnerOnly.write(
        settings,
        """
        port %d
        bind 127.0.0.1
        requirepass %s
        dir "%s"
        pidfile "%s"
        appendonly yes
        save ""
        """
            .formatted(port, password, files, files.resolve("redis.pid")));
    Path program = ExecutableProvider.newJarResourceProvider(binaries.toFile()).get().toPath();
    RedisServer server =
        new RedisServer(
            port, List.of(program.toString(), settings.toString()), false, line -> {}, line -> {});
    server.start();
    return new LocalRedis(server, password);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String url() {
    return "redis://:" + password + "@127.0.0.1:" + server.ports().getFirst();
  }

  @Override
  public void close() throws IOException {
    server.stop();
  }
}
