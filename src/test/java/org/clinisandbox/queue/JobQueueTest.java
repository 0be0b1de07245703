package org.clinisandbox.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream of hints, on a real Redis. */
class JobQueueTest {
  private static final Duration WAIT = Duration.ofMillis(200);

  private static TestRedis server;
  private static RedisClient client;
  private static RedisCommands<String, String> redis;
  private static JobQueue queue;

  @BeforeAll
  static void start() throws IOException {
    server = new TestRedis().start();
    String url = server.url();
    client = RedisClient.create(url);
    redis = client.connect().sync();
    queue = new JobQueue(url, "one");
  }

  @AfterAll
  static void stop() throws IOException {
    queue.close();
    client.shutdown();
    server.close();
  }

  @BeforeEach
  void forget() {
    redis.flushall();
  }

  @Test
  void what_is_published_is_taken_once_and_goes_when_it_is_acknowledged() throws Exception {
    List<UUID> jobs = List.of(UUID.randomUUID(), UUID.randomUUID());
    queue.publish(jobs);

    List<Hint> hints = queue.take(10, WAIT);

    assertThat(hints).extracting(Hint::job).containsExactlyElementsOf(jobs);
    assertThat(queue.take(10, WAIT)).isEmpty();
    for (Hint hint : hints) {
      queue.acknowledge(hint);
    }
    assertThat(queue.size()).isZero();
  }

  @Test
  void a_redis_that_lost_its_memory_is_used_again_without_a_word() throws Exception {
    queue.publish(List.of(UUID.randomUUID()));
    queue.take(10, WAIT);
    redis.flushall();

    UUID job = UUID.randomUUID();
    queue.publish(List.of(job));
    assertThat(queue.take(10, WAIT)).extracting(Hint::job).containsExactly(job);
  }

  @Test
  void an_entry_that_is_no_hint_is_taken_out_and_stops_nobody() throws Exception {
    redis.xadd("clinisandbox:jobs", "job", "no id");
    redis.xadd("clinisandbox:jobs", "other", "field");
    UUID job = UUID.randomUUID();
    queue.publish(List.of(job));

    assertThat(queue.take(10, WAIT)).extracting(Hint::job).containsExactly(job);
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void a_redis_that_is_not_there_is_said_to_be_so() {
    try (JobQueue nowhere = new JobQueue("redis://127.0.0.1:1", "one")) {
      assertThatThrownBy(() -> nowhere.publish(List.of(UUID.randomUUID())))
          .isInstanceOf(QueueUnavailable.class);
      assertThatThrownBy(() -> nowhere.take(1, WAIT)).isInstanceOf(QueueUnavailable.class);
    }
  }
}
