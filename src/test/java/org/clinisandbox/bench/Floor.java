package org.clinisandbox.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * A server that reads a request and answers at once: what the load generator, HTTP and this machine
 * cost by themselves. Prints {@code server URL}, as the real one does.
 */
public final class Floor {
  private static final byte[] ANSWER =
      "{\"status\":\"nothing was done\"}".getBytes(StandardCharsets.UTF_8);

  private static final int BACKLOG = 1_000;

  private Floor() {}

  public static void main(String[] args) throws IOException {
    // Else every answer waits for an acknowledgement that the client delays.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          boolean atOnce = "wait=0".equals(exchange.getRequestHeaders().getFirst("Prefer"));
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(atOnce ? 202 : 200, ANSWER.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(ANSWER);
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    System.out.println("server http://127.0.0.1:" + server.getAddress().getPort());
  }
}
