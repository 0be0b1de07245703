package org.clinisandbox.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.clinisandbox.job.Negotiations.Found;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Negotiations as they are stored, on a real PostgreSQL. */
class NegotiationsTest {
  private static final int QUOTA = 1_000;

  private static JobDatabase database;
  private static JdbcClient jdbc;
  private static Negotiations negotiations;

  @BeforeAll
  static void start() throws Exception {
    database = JobDatabase.start();
    jdbc = database.jdbc();
    negotiations = database.negotiations(QUOTA);
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Found.Waiting begun(String state) {
    return negotiations.begin(JobDatabase.TENANT, database.model(), bytes(state));
  }

  private static Found found(UUID id) {
    return negotiations.find(JobDatabase.TENANT, id).orElseThrow();
  }

  private static Found.Waiting waiting(UUID id) {
    assertThat(found(id)).isInstanceOf(Found.Waiting.class);
    return (Found.Waiting) found(id);
  }

  private static String state(UUID id) {
    return new String(waiting(id).state(), StandardCharsets.UTF_8);
  }

  private static boolean advance(Found.Waiting seen, String state) {
    return negotiations.advance(JobDatabase.TENANT, seen, bytes(state));
  }

  private static Acceptance end(Found.Waiting seen) {
    return database.jobs().accept(database.newJob(new NewJob.Ending(seen.id(), seen.turn())));
  }

  /** Makes it older, as time would. */
  private static void age(UUID id, String interval) {
    jdbc.sql("update negotiations set created_at = now() - ?::interval where id = ?")
        .params(interval, id)
        .update();
  }

  private static int rows(String sql, Object... parameters) {
    return jdbc.sql(sql).params(parameters).query(Integer.class).single();
  }

  @Test
  void what_was_begun_is_found_as_it_was() {
    Found.Waiting begun = begun("first");

    Found.Waiting found = waiting(begun.id());

    assertThat(found.state()).asString(StandardCharsets.UTF_8).isEqualTo("first");
    assertThat(found.turn()).isZero().isEqualTo(begun.turn());
    assertThat(found.model()).isEqualTo(database.model());
    assertThat(found.createdAt()).isEqualTo(begun.createdAt());
    assertThat(found.expiresAt()).isEqualTo(begun.createdAt().plus(Duration.ofHours(24)));
  }

  @Test
  void an_answer_takes_the_place_of_what_was_there() {
    Found.Waiting begun = begun("first");

    assertThat(advance(begun, "second")).isTrue();

    assertThat(state(begun.id())).isEqualTo("second");
    assertThat(waiting(begun.id()).turn()).isEqualTo(1);
    assertThat(waiting(begun.id()).createdAt()).isEqualTo(begun.createdAt());
  }

  @Test
  void nothing_of_it_can_be_read_in_the_table() {
    UUID id = begun("a canary in the state").id();
    advance(waiting(id), "a canary in the answer");

    assertThat(
            jdbc.sql("select encode(state, 'escape') from negotiations where id = ?")
                .param(id)
                .query(String.class)
                .single())
        .isNotEmpty()
        .doesNotContain("canary");
  }

  @Test
  void another_tenant_sees_nothing_of_it() {
    UUID id = begun("first").id();

    assertThat(negotiations.find("other", id)).isEmpty();
    assertThat(negotiations.find(JobDatabase.TENANT, UUID.randomUUID())).isEmpty();
  }

  @Test
  void one_too_many_ends_the_oldest_and_destroys_its_key() {
    jdbc.sql("insert into tenants (name, webhook_secret) values ('crowded', '')").update();
    Negotiations few = database.negotiations(2);
    UUID oldest = few.begin("crowded", database.model(), bytes("1")).id();
    UUID middle = few.begin("crowded", database.model(), bytes("2")).id();
    UUID own = begun("of another tenant").id();
    age(oldest, "2 minutes");
    age(middle, "1 minute");
    age(own, "3 minutes");

    UUID newest = few.begin("crowded", database.model(), bytes("3")).id();

    assertThat(few.find("crowded", oldest)).contains(new Found.Gone());
    assertThat(database.keysOf(oldest)).isZero();
    assertThat(few.find("crowded", middle)).get().isInstanceOf(Found.Waiting.class);
    assertThat(few.find("crowded", newest)).get().isInstanceOf(Found.Waiting.class);
    assertThat(state(own)).isEqualTo("of another tenant");
  }

  @Test
  void it_waits_for_a_day_of_the_databases_time() {
    UUID almost = begun("first").id();
    UUID over = begun("first").id();
    age(almost, "23 hours 59 minutes");
    age(over, "24 hours 1 second");

    assertThat(found(almost)).isInstanceOf(Found.Waiting.class);
    assertThat(found(over)).isEqualTo(new Found.Gone());
  }

  @Test
  void the_sweep_destroys_what_is_expired_and_forgets_it_after_thirty_days() {
    UUID young = begun("first").id();
    UUID expired = begun("first").id();
    UUID old = begun("first").id();
    age(young, "23 hours");
    age(expired, "25 hours");
    age(old, "30 days 1 second");

    negotiations.sweep();

    assertThat(state(young)).isEqualTo("first");
    assertThat(found(expired)).isEqualTo(new Found.Gone());
    assertThat(rows("select count(*) from negotiations where id = ? and state is null", expired))
        .isEqualTo(1);
    assertThat(database.keysOf(young)).isEqualTo(1);
    assertThat(database.keysOf(expired)).isZero();
    assertThat(database.keysOf(old)).isZero();
    assertThat(negotiations.find(JobDatabase.TENANT, old)).isEmpty();
  }

  @Test
  void an_answer_to_an_old_turn_changes_nothing() {
    Found.Waiting first = begun("first");
    advance(first, "second");

    assertThat(advance(first, "late")).isFalse();

    assertThat(state(first.id())).isEqualTo("second");
    assertThat(waiting(first.id()).turn()).isEqualTo(1);
  }

  @Test
  void it_ends_in_one_job_and_keeps_nothing_else() {
    Found.Waiting begun = begun("first");

    UUID job = ((Acceptance.Accepted) end(begun)).job();

    assertThat(found(begun.id())).isEqualTo(new Found.Ended(job));
    assertThat(rows("select count(*) from negotiations where id = ? and state is null", begun.id()))
        .isEqualTo(1);
    assertThat(database.keysOf(begun.id())).isZero();
    assertThat(database.keysOf(job)).isEqualTo(1);
    assertThat(advance(begun, "late")).isFalse();
  }

  @Test
  void a_job_whose_negotiation_moved_on_is_not_made() {
    Found.Waiting first = begun("first");
    advance(first, "second");
    int jobs = rows("select count(*) from jobs");
    int keys = database.keys();

    assertThat(end(first)).isEqualTo(new Acceptance.MovedOn());

    assertThat(rows("select count(*) from jobs")).isEqualTo(jobs);
    assertThat(database.keys()).isEqualTo(keys);
    assertThat(state(first.id())).isEqualTo("second");
  }

  @Test
  void it_ends_once() {
    Found.Waiting begun = begun("first");
    UUID job = ((Acceptance.Accepted) end(begun)).job();

    assertThat(end(begun)).isEqualTo(new Acceptance.MovedOn());

    assertThat(found(begun.id())).isEqualTo(new Found.Ended(job));
  }

  @Test
  void one_that_expired_or_was_swept_makes_no_job() {
    Found.Waiting expired = begun("first");
    age(expired.id(), "25 hours");
    negotiations.sweep();

    assertThat(end(expired)).isEqualTo(new Acceptance.MovedOn());
    assertThat(advance(expired, "late")).isFalse();
    assertThat(found(expired.id())).isEqualTo(new Found.Gone());
  }

  @Test
  void of_many_that_end_it_at_once_one_makes_the_job() throws Exception {
    Found.Waiting begun = begun("first");
    int jobs = rows("select count(*) from jobs");

    List<Acceptance> ends = together(8, () -> end(begun));

    assertThat(ends).filteredOn(Acceptance.Accepted.class::isInstance).hasSize(1);
    assertThat(ends).filteredOn(Acceptance.MovedOn.class::isInstance).hasSize(7);
    assertThat(rows("select count(*) from jobs")).isEqualTo(jobs + 1);
  }

  @Test
  void answers_that_come_at_once_are_all_kept_when_the_losers_try_again() throws Exception {
    UUID id = begun("").id();
    int answers = 8;

    List<Integer> tries =
        together(
            answers,
            () -> {
              int count = 0;
              Found.Waiting seen;
              do {
                seen = waiting(id);
                count++;
              } while (!advance(seen, new String(seen.state(), StandardCharsets.UTF_8) + "x"));
              return count;
            });

    assertThat(state(id)).isEqualTo("x".repeat(answers));
    assertThat(waiting(id).turn()).isEqualTo(answers);
    assertThat(tries).allSatisfy(count -> assertThat(count).isBetween(1, answers));
  }

  private static <T> List<T> together(int count, Callable<T> work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(count);
    Callable<T> atOnce =
        () -> {
          start.await();
          return work.call();
        };
    try (var threads = Executors.newFixedThreadPool(count)) {
      return threads.invokeAll(java.util.Collections.nCopies(count, atOnce)).stream()
          .map(Future::resultNow)
          .toList();
    }
  }

  @Test
  void without_its_key_it_is_gone() {
    Found.Waiting begun = begun("first");
    database.vault().destroyJob(begun.id());

    assertThat(found(begun.id())).isEqualTo(new Found.Gone());
    assertThat(advance(begun, "second")).isFalse();
  }

  @Test
  void a_key_that_a_crash_left_behind_goes_with_its_negotiation() {
    UUID id = begun("first").id();
    jdbc.sql("update negotiations set state = null where id = ?").param(id).update();
    age(id, "31 days");

    negotiations.sweep();

    assertThat(database.keysOf(id)).isZero();
  }
}
