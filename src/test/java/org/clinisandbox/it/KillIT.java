package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code up} that dies, and is started again on the same folder. */
class KillIT {
  @TempDir Path logs;

  private Node up(Path data) {
    return Node.start(logs, Map.of(), "up", "--port", "0", "--data", data.toString());
  }

  private static List<ProcessHandle> servers(Path data) throws IOException {
    List<ProcessHandle> servers = new ArrayList<>();
    for (String file : List.of("postgres/postmaster.pid", "redis/redis.pid")) {
      long pid = Long.parseLong(Files.readAllLines(data.resolve(file)).getFirst().trim());
      servers.add(ProcessHandle.of(pid).orElseThrow());
    }
    return servers;
  }

  @Test
  void an_acknowledged_job_outlives_kill_9_of_the_whole_tree() throws Exception {
    Path data = logs.resolve("data");
    List<String> jobs = new ArrayList<>();
    Node first = up(data);
    Client client = new Client(first.line("server"));
    for (int i = 0; i < 10; i++) {
      jobs.add(client.accepted(Client.payload("sepsis_valid")));
    }
    first.killTree(data);

    try (Node second = up(data)) {
      Client again = new Client(second.line("server"));
      for (String job : jobs) {
        assertThat(again.ended(job).path("result").path("score").asInt()).isEqualTo(10);
      }
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void postgresql_that_crashes_under_load_loses_no_acknowledged_job() throws Exception {
    Path data = logs.resolve("crash");
    Set<String> jobs = ConcurrentHashMap.newKeySet();
    AtomicBoolean enough = new AtomicBoolean();
    try (Node node = up(data)) {
      Client client = new Client(node.line("server"));
      JsonNode request = Client.payload("sepsis_valid");
      try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
        for (int i = 0; i < 8; i++) {
          callers.execute(
              () -> {
                while (!enough.get()) {
                  ask(client, request, jobs);
                  LockSupport.parkNanos(10_000_000);
                }
              });
        }
        try {
          more(jobs);
          for (int i = 0; i < 3; i++) {
            // One process dies, and the server ends all sessions and reads its log again.
            servers(data).getFirst().children().findAny().orElseThrow().destroyForcibly();
            more(jobs);
          }
        } finally {
          enough.set(true);
        }
      }
      for (String job : jobs) {
        assertThat(client.ended(job).path("status").asString()).isEqualTo("succeeded");
      }
    }
    assertThat(Files.readString(data.resolve("postgres.log")))
        .contains("all server processes terminated; reinitializing");
  }

  /** Waits until there are fifty more. */
  private static void more(Set<String> jobs) {
    int wanted = jobs.size() + 50;
    Instant end = Instant.now().plusSeconds(60);
    while (jobs.size() < wanted) {
      assertThat(Instant.now()).isBefore(end);
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** Asks for a diagnosis; an answer that did not come is none. */
  private static void ask(Client client, JsonNode request, Set<String> jobs) {
    try {
      Client.Answer answer = client.post("/v1/diagnose", request);
      if (answer.status() == 202) {
        jobs.add(answer.body().path("job_id").asString());
      }
    } catch (UncheckedIOException e) {
      // Not acknowledged.
    }
  }

  @Test
  void its_servers_end_when_it_is_killed_alone() throws Exception {
    Path data = logs.resolve("alone");
    Node node = up(data);
    node.line("server");
    List<ProcessHandle> servers = servers(data);

    node.handle().destroyForcibly();

    for (ProcessHandle server : servers) {
      server.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void its_servers_end_when_it_is_asked_to_end() throws Exception {
    Path data = logs.resolve("asked");
    Node node = up(data);
    node.line("server");
    List<ProcessHandle> servers = servers(data);

    node.close();

    for (ProcessHandle server : servers) {
      server.onExit().get(30, TimeUnit.SECONDS);
    }
    assertThat(Files.readString(data.resolve("postgres.log")))
        .contains("database system is shut down");
    assertThat(node.stderr()).doesNotContain("Exception");
  }

  @Test
  void a_second_one_on_the_same_folder_is_refused() throws Exception {
    Path data = logs.resolve("shared");
    try (Node first = up(data)) {
      first.line("server");
      Node second = up(data);
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(failure(second)).contains("Another CliniSandbox uses the data folder");
    }
  }

  @Test
  void a_lost_or_wrong_master_key_stops_the_start_with_one_sentence() throws Exception {
    Path data = logs.resolve("keys");
    try (Node first = up(data)) {
      first.line("server");
    }
    Path key = data.resolve("master.key");
    String good = Files.readString(key);

    Files.delete(key);
    Node lost = up(data);
    assertThat(lost.exitCode()).isEqualTo(1);
    assertThat(failure(lost)).contains("master.key is not there");
    assertThat(key).doesNotExist();

    Node wrong =
        Node.start(
            logs,
            Map.of("CLINISANDBOX_MASTER_KEY", "A".repeat(43) + "="),
            "up",
            "--port",
            "0",
            "--data",
            data.toString());
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(failure(wrong)).containsIgnoringCase("master key");
    assertThat(good).isNotBlank();
  }

  @Test
  void a_port_that_is_taken_stops_the_start_with_one_sentence() throws Exception {
    try (Node first = up(logs.resolve("first"))) {
      String port = first.line("server").replaceAll(".*:", "");

      Node second =
          Node.start(
              logs, Map.of(), "up", "--port", port, "--data", logs.resolve("second").toString());

      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(failure(second)).contains("The port " + port + " is in use");
    }
  }

  /** All that a failed start says, but for what it did before. */
  private static String failure(Node failed) {
    List<String> said =
        failed.stderr().lines().filter(line -> !line.matches(" *[0-9.]+ s  .*")).toList();
    assertThat(said).singleElement().asString().startsWith("clinisandbox: ");
    return said.getFirst();
  }
}
