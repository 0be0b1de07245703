package org.clinisandbox.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.clinisandbox.fhir.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A client of a running server. */
final class Client {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final URI server;
  private final HttpClient http = HttpClient.newHttpClient();

  Client(String server) {
    this.server = URI.create(server);
  }

  /** An answer, its body as JSON. */
  record Answer(int status, JsonNode body, HttpResponse<String> raw) {
    String header(String name) {
      return raw.headers().firstValue(name).orElse("");
    }

    String type() {
      return body.path("type").asString("");
    }
  }

  /** A file of tests/payloads, its marks turned into times. */
  static ObjectNode payload(String name) {
    try {
      String text = Files.readString(Path.of("tests/payloads", name + ".json"));
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      java.util.regex.Matcher times =
          java.util.regex.Pattern.compile("@NOW-(\\d+)([mhd])@").matcher(text);
      text = times.replaceAll(mark -> now.minus(duration(mark)).toString());
      java.util.regex.Matcher ages =
          java.util.regex.Pattern.compile("@TODAY-(\\d+)y@").matcher(text);
      LocalDate today = LocalDate.now(ZoneOffset.UTC);
      text = ages.replaceAll(age -> today.minusYears(Long.parseLong(age.group(1))).toString());
      return (ObjectNode) Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Duration duration(java.util.regex.MatchResult mark) {
    return Duration.parse(
        (mark.group(2).equals("d") ? "P" : "PT")
            + mark.group(1)
            + mark.group(2).toUpperCase(java.util.Locale.ROOT));
  }

  Answer get(String path) {
    return send(HttpRequest.newBuilder(server.resolve(path)).build());
  }

  Answer post(String path, JsonNode body, String... headers) {
    return post(path, "application/json", Json.MAPPER.writeValueAsBytes(body), headers);
  }

  Answer post(String path, String type, byte[] body, String... headers) {
    return send("POST", path, type, body, headers);
  }

  Answer send(String method, String path, String type, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  Answer send(HttpRequest request) {
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      String body = response.body();
      JsonNode json =
          body.startsWith("{") ? Json.MAPPER.readTree(body) : Json.MAPPER.createObjectNode();
      return new Answer(response.statusCode(), json, response);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Asks for a diagnosis and expects a job; returns its id. */
  String accepted(JsonNode request) {
    Answer answer = post("/v1/diagnose", request);
    if (answer.status() != 202) {
      throw new AssertionError("not accepted: " + answer.raw().body());
    }
    return answer.body().path("job_id").asString("");
  }

  /** The job, once it has ended. */
  JsonNode ended(String job) {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      Answer answer = get("/v1/jobs/" + job);
      if (answer.body().has("ended_at")) {
        return answer.body();
      }
      Node.pause();
    }
    throw new AssertionError("the job did not end in time: " + get("/v1/jobs/" + job).raw().body());
  }
}
