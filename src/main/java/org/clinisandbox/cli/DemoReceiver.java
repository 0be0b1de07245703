package org.clinisandbox.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The chatbot's side of a webhook: a real HTTP server on this machine that keeps what it gets. */
final class DemoReceiver implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  /** One webhook as it came in. */
  record Received(HttpHeaders headers, String body) {}

  private final HttpServer server;
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

  private DemoReceiver(HttpServer server) {
    this.server = server;
  }

  static DemoReceiver start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    DemoReceiver receiver = new DemoReceiver(server);
    server.createContext(
        "/hooks",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          HttpHeaders headers = HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
          receiver.received.add(new Received(headers, body));
        });
    server.start();
    return receiver;
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/hooks";
  }

  /**
   * @throws CommandFailed when none comes in time
   */
  Received await() throws InterruptedException {
    Received next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new CommandFailed("No webhook came within " + PATIENCE_SECONDS + " s.");
    }
    return next;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
