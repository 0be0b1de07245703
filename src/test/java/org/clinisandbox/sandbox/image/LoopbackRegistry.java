package org.clinisandbox.sandbox.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A registry on loopback with one repository, {@code team/model}; honest unless told otherwise. */
final class LoopbackRegistry implements AutoCloseable {
  /** The paths that were asked for. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  private final Layout layout;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /** What the registry does instead of being honest; says whether it did. */
  interface Trick {
    boolean answers(HttpExchange exchange, String name) throws IOException;
  }

  volatile Trick trick = (exchange, name) -> false;

  LoopbackRegistry(Layout layout) throws IOException {
    this.layout = layout;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String host() {
    return "127.0.0.1:" + port();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (!trick.answers(exchange, name)) {
        byte[] found = layout.blobs.get(name.equals("1.0") ? layout.digest() : name);
        send(exchange, found == null || !path.startsWith("/v2/team/model/") ? 404 : 200, found);
      }
    }
  }

  static void send(HttpExchange exchange, int status, byte @Nullable [] body) throws IOException {
    if (body == null) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** An answer of another length than any document states, until nobody listens. */
  static void sendEndlessly(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      while (true) {
        out.write(new byte[8192]);
      }
    }
  }

  static void challenge(HttpExchange exchange, String text) throws IOException {
    exchange.getResponseHeaders().add("WWW-Authenticate", text);
    send(exchange, 401, null);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
