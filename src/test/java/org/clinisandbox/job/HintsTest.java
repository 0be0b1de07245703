package org.clinisandbox.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.clinisandbox.queue.Hint;
import org.clinisandbox.queue.JobQueue;
import org.clinisandbox.queue.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes into the stream, on a real PostgreSQL and a real Redis. */
class HintsTest {
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final Duration LONG_WAIT = Duration.ofSeconds(1);

  private static JobDatabase database;
  private static TestRedis server;
  private static RedisClient redis;
  private static JobQueue queue;
  private static Hints hints;

  @BeforeAll
  static void start() throws Exception {
    database = JobDatabase.start();
    server = new TestRedis().start();
    String url = server.url();
    redis = RedisClient.create(url);
    queue = new JobQueue(url, "test");
    hints = new Hints(database.jdbc(), database.transaction(), queue);
  }

  @AfterAll
  static void stop() throws IOException {
    queue.close();
    redis.shutdown();
    server.close();
    database.close();
  }

  @BeforeEach
  void forget() {
    database.jdbc().sql("truncate jobs cascade").update();
    redis.connect().sync().flushall();
  }

  /** A job whose hint nobody has published. */
  private static UUID accepted() {
    return database.accepted("[]");
  }

  private static void update(String change, UUID job) {
    database.jdbc().sql("update jobs set " + change + " where id = ?").param(job).update();
  }

  private static List<UUID> published(Duration wait) throws Exception {
    List<UUID> jobs = new ArrayList<>();
    for (Hint hint : queue.take(100, wait)) {
      jobs.add(hint.job());
    }
    return jobs;
  }

  @Test
  void what_was_committed_is_published() throws Exception {
    try (Hints started = new Hints(database.jdbc(), database.transaction(), queue).start()) {
      UUID job = UUID.randomUUID();
      started.committed(job);

      assertThat(published(LONG_WAIT)).containsExactly(job);
    }
  }

  @Test
  void what_a_process_left_behind_is_published_when_the_next_one_starts() throws Exception {
    UUID job = accepted();

    try (Hints _ = new Hints(database.jdbc(), database.transaction(), queue).start()) {
      assertThat(published(LONG_WAIT)).containsExactly(job);
    }
  }

  @Test
  void the_sweep_finds_what_waits_without_a_hint_and_nothing_else() throws Exception {
    UUID known = accepted();
    queue.publish(List.of(known));
    UUID forgotten = accepted();
    update("published_at = now() - interval '61 seconds'", forgotten);
    UUID given = accepted();
    update("published_at = null", given);
    UUID later = accepted();
    update("published_at = null, not_before = now() + interval '1 hour'", later);
    UUID running = accepted();
    assertThat(database.leases().lease(running, "w")).isPresent();
    UUID abandoned = accepted();
    assertThat(database.leases().lease(abandoned, "w")).isPresent();
    update("lease_until = now() - interval '1 second'", abandoned);

    hints.sweep();

    assertThat(published(WAIT)).containsExactlyInAnyOrder(known, forgotten, given, abandoned);
    hints.sweep();
    assertThat(published(WAIT)).isEmpty();
  }

  @Test
  void when_the_stream_is_empty_three_seconds_are_enough() throws Exception {
    UUID job = accepted();
    update("published_at = now() - interval '4 seconds'", job);

    hints.sweep();

    assertThat(published(WAIT)).containsExactly(job);
  }

  @Test
  void a_sweep_that_redis_does_not_take_is_as_if_it_had_not_been() throws Exception {
    UUID job = accepted();
    update("published_at = null", job);

    try (JobQueue away = new JobQueue("redis://127.0.0.1:1", "test")) {
      new Hints(database.jdbc(), database.transaction(), away).sweep();
    }
    hints.sweep();

    assertThat(published(WAIT)).containsExactly(job);
  }
}
