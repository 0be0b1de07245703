package org.clinisandbox.it;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real HTTP server that takes webhooks, answering with the given statuses and then with 204. */
final class Receiver implements AutoCloseable {
  record Received(HttpHeaders headers, String body) {}

  private final HttpServer server;
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

  Receiver(Integer... statuses) throws IOException {
    Deque<Integer> next = new ArrayDeque<>(List.of(statuses));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          received.add(
              new Received(HttpHeaders.of(exchange.getRequestHeaders(), (n, v) -> true), body));
          Integer status = next.poll();
          exchange.sendResponseHeaders(status == null ? 204 : status, -1);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks?token=secret-in-query";
  }

  Received next() throws InterruptedException {
    Received webhook = received.poll(60, TimeUnit.SECONDS);
    if (webhook == null) {
      throw new AssertionError("no webhook came");
    }
    return webhook;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
