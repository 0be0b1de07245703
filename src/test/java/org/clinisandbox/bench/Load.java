package org.clinisandbox.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bounded load on a running server on this machine: its address, how many requests, how many at a
 * time, and a file with the request.
 */
public final class Load {
  private Load() {}

  public static void main(String[] args) throws Exception {
    URI server = URI.create(args[0]);
    int requests = Integer.parseInt(args[1]);
    int atOnce = Integer.parseInt(args[2]);
    byte[] body = Files.readAllBytes(Path.of(args[3]));
    HttpClient http = HttpClient.newHttpClient();
    run("warming up", http, server, body, 200, atOnce, "wait=0");
    run("POST /v1/diagnose to 202", http, server, body, requests, atOnce, "wait=0");
    run("POST /v1/diagnose to the result", http, server, body, requests, atOnce, "wait=60");
  }

  private static void run(
      String what,
      HttpClient http,
      URI server,
      byte[] body,
      int requests,
      int atOnce,
      String prefer)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/v1/diagnose"))
            .header("Content-Type", "application/json")
            .header("Prefer", prefer)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    AtomicInteger left = new AtomicInteger(requests);
    List<Double> millis = new CopyOnWriteArrayList<>();
    AtomicInteger refused = new AtomicInteger();
    long begin = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(atOnce)) {
      Callable<Integer> client =
          () -> {
            int sent = 0;
            for (; left.getAndDecrement() > 0; sent++) {
              long start = System.nanoTime();
              HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
              millis.add((System.nanoTime() - start) / 1e6);
              if (answer.statusCode() > 202) {
                refused.incrementAndGet();
              }
            }
            return sent;
          };
      for (var done : threads.invokeAll(Collections.nCopies(atOnce, client))) {
        done.get();
      }
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf(
        "%s: %,.0f a second, p50 %.0f ms, p99 %.0f ms, %d at a time, %d refused%n",
        what,
        requests / seconds,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.99)],
        atOnce,
        refused.get());
  }
}
