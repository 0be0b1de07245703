package org.clinisandbox.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.clinisandbox.fhir.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server that takes {@code POST /v1/diagnose}.
 *
 * @param headers lines {@code Name: value} that go with each request, as a token's
 * @param calls whether it may be asked to call a webhook on this machine
 * @param pids its processes on this machine, whose processor time is counted; empty for none
 */
record Peer(
    String name, URI url, byte[] body, List<String> headers, boolean calls, List<Long> pids) {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** NAME=URL with the body of its requests. */
  static Peer of(String peer, Path body) throws IOException {
    int equals = peer.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("not NAME=URL: " + peer);
    }
    return new Peer(
        peer.substring(0, equals),
        URI.create(peer.substring(equals + 1)),
        Files.readAllBytes(body),
        List.of(),
        false,
        List.of());
  }

  Peer with(byte[] other) {
    return new Peer(name, url, other, headers, calls, pids);
  }

  /** The file holds no secret of ours; it is read here so that none is among the arguments. */
  Peer withHeaders(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    return new Peer(name, url, body, lines, calls, pids);
  }

  Peer thatCalls() {
    return new Peer(name, url, body, headers, true, pids);
  }

  /** Process ids with commas between them. */
  Peer withPids(String processes) {
    return new Peer(
        name,
        url,
        body,
        headers,
        calls,
        Stream.of(processes.split(",", -1)).map(Long::valueOf).toList());
  }

  /** A request whose client would rather wait so many seconds. */
  HttpRequest request(int seconds) {
    return request(seconds, body);
  }

  /** A request whose result is to go to a webhook. */
  HttpRequest request(URI callback) {
    ObjectNode json = (ObjectNode) Json.MAPPER.readTree(body);
    return request(0, Json.MAPPER.writeValueAsBytes(json.put("callback_url", callback.toString())));
  }

  private HttpRequest request(int seconds, byte[] bytes) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve("/v1/diagnose"))
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=" + seconds)
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofByteArray(bytes));
    for (String header : headers) {
      String[] parts = header.split(":", 2);
      request.header(parts[0].strip(), parts[1].strip());
    }
    return request.build();
  }
}
