package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.services.DataFolder;
import org.clinisandbox.services.LocalServices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Roles in processes of their own, and what happens when one of them, or Redis, goes away. */
class OutageIT {
  private static final int JOBS = 5;

  @TempDir Path folder;

  private DataFolder data;
  private LocalServices services;
  private Map<String, String> environment;

  @BeforeEach
  void start() throws Exception {
    data = DataFolder.open(folder.resolve("data"));
    services = new LocalServices(data);
    services.start(step -> {});
    Map<String, String> shared =
        Map.of(
            "REDIS_URL",
            services.redisUrl(),
            "CLINISANDBOX_AUTH",
            "local",
            "CLINISANDBOX_PORT",
            "0",
            "CLINISANDBOX_DATA",
            data.resolve("deployment").toString());
    String app = services.appUrl();
    Node init =
        Node.start(
            folder,
            with(
                with(shared, "DATABASE_URL", services.adminUrl()),
                "CLINISANDBOX_APP_DATABASE_URL",
                app),
            "init");
    assertThat(init.exitCode()).as(init.stderr()).isZero();
    environment = with(shared, "DATABASE_URL", app);
  }

  @AfterEach
  void stop() throws Exception {
    services.close();
    data.close();
  }

  private static Map<String, String> with(Map<String, String> map, String key, String value) {
    Map<String, String> more = new java.util.HashMap<>(map);
    more.put(key, value);
    return more;
  }

  private Node worker() {
    Node worker =
        Node.start(
            folder,
            with(environment, "CLINISANDBOX_PUBLIC_URL", "https://clinisandbox.example"),
            "worker");
    worker.line("worker");
    return worker;
  }

  private static List<String> accept(Client client) {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      jobs.add(client.accepted(Client.payload("sepsis_valid")));
    }
    return jobs;
  }

  private static void allSucceed(Client client, List<String> jobs) {
    for (String job : jobs) {
      assertThat(client.ended(job).path("status").asString()).isEqualTo("succeeded");
    }
  }

  @Test
  void jobs_that_redis_forgot_are_found_again() {
    try (Node api = Node.start(folder, environment, "api")) {
      Client client = new Client(api.line("server"));
      List<String> jobs = accept(client);
      assertThat(client.get("/v1/jobs/" + jobs.getFirst()).body().path("status").asString())
          .isEqualTo("queued");
      RedisClient redis = RedisClient.create(services.redisUrl());
      redis.connect().sync().flushall();
      redis.shutdown();
      try (Node worker = worker()) {
        assertThat(worker.line("worker")).isNotBlank();
        allSucceed(client, jobs);
      }
    }
  }

  @Test
  void jobs_are_accepted_and_run_while_redis_is_away() throws Exception {
    try (Node api = Node.start(folder, environment, "api");
        Node worker = worker()) {
      Client client = new Client(api.line("server"));
      long pid =
          Long.parseLong(Files.readString(data.resolve("redis").resolve("redis.pid")).trim());
      ProcessHandle redis = ProcessHandle.of(pid).orElseThrow();
      redis.destroyForcibly();
      redis.onExit().get(30, TimeUnit.SECONDS);

      allSucceed(client, accept(client));
      assertThat(worker.stderr()).contains("polling the database");
    }
  }

  @Test
  void a_job_whose_worker_was_killed_is_finished_once_by_another() {
    try (Node api = Node.start(folder, environment, "api")) {
      Client client = new Client(api.line("server"));
      ObjectNode manifest =
          (ObjectNode)
              Json.MAPPER.readTree(
                  """
                  {"key": "spin", "version": "1.0.0", "name": "Slow", "image": "wasm:tests/models/spin/spin.wasm",
                   "limits": {"timeout": "PT20S"},
                   "required_observations": [{"name": "temperature", "code": "8310-5"}]}
                  """);
      client.post("/v1/models", manifest);
      byte[] active = "{\"state\":\"active\"}".getBytes(StandardCharsets.UTF_8);
      client.send("PATCH", "/v1/models/spin/versions/1.0.0", "application/json", active);
      Node doomed = worker();
      String job = client.accepted(Client.payload("sepsis_valid").put("model_key", "spin"));
      while (!client.get("/v1/jobs/" + job).body().path("status").asString().equals("running")) {
        Node.pause();
      }
      doomed.handle().destroyForcibly();

      try (Node other = worker()) {
        assertThat(other.line("worker")).isNotBlank();
        JsonNode ended = client.ended(job);
        // Begun anew, it ran into its own limit: the lease moved, and one ending was recorded.
        assertThat(ended.path("error").path("code").asString()).isEqualTo("MODEL_TIMEOUT");
      }
    }
  }

  @Test
  void an_api_without_auth_does_not_start() throws InterruptedException {
    Map<String, String> without = new java.util.HashMap<>(environment);
    without.remove("CLINISANDBOX_AUTH");
    Node api = Node.start(folder, without, "api");

    assertThat(api.exitCode()).isEqualTo(1);
    assertThat(api.stderr()).contains("CLINISANDBOX_AUTH");
  }
}
