package org.clinisandbox.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.fhir.Json;

/** Where webhooks come in, for whoever waits for a job's. */
final class Mailbox implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 90;

  private final Map<String, CompletableFuture<Integer>> jobs = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  Mailbox() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] message = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            job(Json.MAPPER.readTree(message).at("/data/job_id").asString()).complete(202);
          }
        });
    server.setExecutor(threads);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** Completes when the job's webhook is here, which may be before anybody waits for it. */
  CompletableFuture<Integer> webhook(String job) {
    return job(job)
        .copy()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .whenComplete((status, failed) -> jobs.remove(job));
  }

  private CompletableFuture<Integer> job(String id) {
    return jobs.computeIfAbsent(id, _ -> new CompletableFuture<>());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
