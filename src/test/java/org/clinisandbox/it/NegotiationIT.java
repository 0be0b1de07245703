package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.it.Talk.gaps;
import static org.clinisandbox.it.Talk.job;
import static org.clinisandbox.it.Talk.only;
import static org.clinisandbox.it.Talk.response;
import static org.clinisandbox.it.Talk.silence;
import static org.clinisandbox.it.Talk.without;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.clinisandbox.fhir.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Negotiations of several turns, over HTTP. */
class NegotiationIT {
  private static final String TEMPERATURE = "temperature";
  private static final String HEART = "heart-rate";

  private final Client client = Up.client();

  private static ObjectNode temperature() {
    return response("temperature", 39.4);
  }

  private static ObjectNode heartRate() {
    return response("heart_rate", 118);
  }

  @Test
  void what_is_missing_begins_a_negotiation() {
    Talk talk = Talk.begin(client, without(TEMPERATURE, HEART));

    JsonNode problem = talk.first().body();
    assertThat(talk.first().status()).isEqualTo(422);
    assertThat(problem.path("closed").asBoolean(true)).isFalse();
    assertThat(gaps(problem)).containsExactly("heart_rate missing", "temperature missing");
    assertThat(problem.path("guidance").path("status").asString()).isEqualTo("data-required");
    assertThat(problem.path("guidance").path("requestIdentifier").path("value").asString())
        .isEqualTo(talk.id());
    assertThat(problem.path("questionnaire").path("item"))
        .extracting(item -> item.path("linkId").asString())
        .contains("heart_rate", "temperature");
  }

  static Stream<Arguments> two_turns() {
    return Stream.of(
        Arguments.of("response, response", temperature(), heartRate(), "heart_rate missing"),
        Arguments.of("the other way", heartRate(), temperature(), "temperature missing"),
        Arguments.of("response, bundle", temperature(), only(HEART), "heart_rate missing"),
        Arguments.of("bundle, response", only(HEART), temperature(), "temperature missing"),
        Arguments.of("bundle, bundle", only(TEMPERATURE), only(HEART), "heart_rate missing"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void two_turns(String name, JsonNode first, JsonNode second, String between) {
    Talk talk = Talk.begin(client, without(TEMPERATURE, HEART));

    Client.Answer half = talk.answer(first);
    assertThat(half.type()).isEqualTo("urn:clinisandbox:data-required");
    assertThat(half.body().path("negotiation_id").asString()).isEqualTo(talk.id());
    assertThat(gaps(half.body())).containsExactly(between);

    Client.Answer whole = talk.answer(second, "Prefer", "wait=30");
    assertThat(whole.status()).as(whole.raw().body()).isEqualTo(200);
    assertThat(whole.body().path("status").asString()).isEqualTo("succeeded");
    assertThat(whole.body().path("result").path("score").asInt()).isEqualTo(10);
  }

  @Test
  void one_response_may_answer_everything() {
    ObjectNode both = temperature();
    Talk.answer(both, "heart_rate").put("valueDecimal", 118);

    Client.Answer answer = Talk.begin(client, without(TEMPERATURE, HEART)).answer(both);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("Location")).endsWith("/v1/jobs/" + job(answer));
    assertThat(client.ended(job(answer)).path("result").path("score").asInt()).isEqualTo(10);
  }

  @Test
  void the_same_answer_twice_changes_nothing() throws Exception {
    Talk talk = Talk.begin(client, without(TEMPERATURE, HEART));
    ObjectNode answer = temperature();

    JsonNode once = talk.answer(answer).body();
    JsonNode twice = talk.answer(answer).body();

    assertThat(twice.path("gaps")).isEqualTo(once.path("gaps"));
    assertThat(twice.path("satisfied")).isEqualTo(once.path("satisfied"));
    assertThat(Sql.number("select turn from negotiations where id = '" + talk.id() + "'"))
        .isEqualTo(1);
  }

  @Test
  void halves_that_two_clients_send_at_once_make_one_job() throws Exception {
    int rounds = 10;
    long before = Sql.number("select count(*) from jobs");
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < rounds; round++) {
        Talk talk = Talk.begin(client, without(TEMPERATURE, HEART));
        List<Callable<Client.Answer>> halves =
            List.of(() -> talk.answer(temperature()), () -> talk.answer(heartRate()));

        List<Client.Answer> answers =
            threads.invokeAll(halves).stream().map(Future::resultNow).toList();

        assertThat(answers).extracting(Client.Answer::status).containsOnlyOnce(202).contains(422);
        assertThat(talk.standing().body().path("status").asString()).isEqualTo("ready");
      }
    }
    assertThat(Sql.number("select count(*) from jobs")).isEqualTo(before + rounds);
  }

  @Test
  void the_last_answer_sent_by_many_at_once_makes_one_job() throws Exception {
    long before = Sql.number("select count(*) from jobs");
    Talk talk = Talk.begin(client, without(TEMPERATURE));
    Callable<Client.Answer> send = () -> talk.answer(temperature());

    List<Client.Answer> answers;
    try (var threads = Executors.newFixedThreadPool(8)) {
      answers =
          threads.invokeAll(java.util.Collections.nCopies(8, send)).stream()
              .map(Future::resultNow)
              .toList();
    }

    assertThat(answers.stream().map(Talk::job).distinct()).hasSize(1);
    assertThat(Sql.number("select count(*) from jobs")).isEqualTo(before + 1);
  }

  @Test
  void after_the_end_every_answer_returns_the_same_job() {
    Talk talk = Talk.begin(client, without(TEMPERATURE));
    String job = job(talk.answer(temperature()));

    assertThat(job(talk.answer(response("temperature", 36.6)))).isEqualTo(job);
    assertThat(job(talk.answer(only(HEART)))).isEqualTo(job);
    Client.Answer waited = talk.answer(heartRate(), "Prefer", "wait=30");
    assertThat(waited.status()).isEqualTo(200);
    assertThat(waited.body().path("result").path("score").asInt()).isEqualTo(10);
  }

  @Test
  void what_was_declined_is_not_asked_again_and_closes_it_when_nothing_else_is_open() {
    Talk talk = Talk.begin(client, without(TEMPERATURE, HEART));

    JsonNode one = talk.answer(silence("temperature", "asked-declined")).body();
    assertThat(gaps(one)).containsExactly("heart_rate missing", "temperature data-absent");
    assertThat(one.path("closed").asBoolean(true)).isFalse();
    assertThat(Talk.mandatory(one))
        .allSatisfy(
            gap ->
                assertThat(gap.has("ask"))
                    .isEqualTo(gap.path("name").asString().equals("heart_rate")));
    assertThat(one.path("questionnaire").path("item"))
        .extracting(item -> item.path("linkId").asString())
        .contains("heart_rate")
        .doesNotContain("temperature");

    JsonNode both = talk.answer(silence("heart_rate", "asked-unknown")).body();
    assertThat(gaps(both)).containsExactly("heart_rate data-absent", "temperature data-absent");
    assertThat(both.path("closed").asBoolean()).isTrue();
    assertThat(Talk.mandatory(both)).noneMatch(gap -> gap.has("ask"));
    assertThat(talk.standing().body().path("closed").asBoolean()).isTrue();
  }

  @Test
  void what_was_declined_may_still_be_given() {
    Talk talk = Talk.begin(client, without(TEMPERATURE));
    talk.answer(silence("temperature", "asked-declined"));

    assertThat(talk.answer(only(TEMPERATURE)).status()).isEqualTo(202);
  }

  @Test
  void an_answer_can_put_the_patient_outside_the_population_and_be_corrected() {
    ObjectNode request = without();
    ((ObjectNode) request.at("/fhir_bundle/entry/0/resource")).remove("birthDate");
    Talk talk = Talk.begin(client, request);
    ObjectNode infant = response();
    Talk.answer(infant, "age")
        .put("valueDate", LocalDate.now(ZoneOffset.UTC).minusYears(1).toString());
    ObjectNode adult = response();
    Talk.answer(adult, "age").put("valueDate", "1960-05-17");

    assertThat(gaps(talk.first().body())).containsExactly("age missing");
    assertThat(talk.answer(infant).type()).isEqualTo("urn:clinisandbox:not-applicable");
    assertThat(talk.standing().type()).isEqualTo("urn:clinisandbox:not-applicable");
    assertThat(talk.answer(adult).status()).isEqualTo(202);
  }

  @Test
  void it_shows_where_it_stands_before_and_after_its_end() {
    Talk talk = Talk.begin(client, without(TEMPERATURE, HEART));
    talk.answer(heartRate());

    JsonNode before = talk.standing().body();
    assertThat(before.path("status").asString()).isEqualTo("data-required");
    assertThat(before.path("negotiation_id").asString()).isEqualTo(talk.id());
    assertThat(gaps(before)).containsExactly("temperature missing");
    assertThat(before.path("satisfied"))
        .extracting(input -> input.path("name").asString())
        .contains("heart_rate");
    assertThat(before.path("expires")).isEqualTo(talk.first().body().path("expires"));

    String job = job(talk.answer(temperature()));
    JsonNode after = talk.standing().body();
    assertThat(after.path("status").asString()).isEqualTo("ready");
    assertThat(after.path("job_id").asString()).isEqualTo(job);
    assertThat(after.path("status_url").asString()).endsWith("/v1/jobs/" + job);
    assertThat(after.has("gaps")).isFalse();
  }

  @Test
  void the_first_requests_callback_and_reference_reach_the_job() throws Exception {
    try (Receiver receiver = new Receiver()) {
      ObjectNode request = without(TEMPERATURE).put("callback_url", receiver.url());
      Talk talk = Talk.begin(client, request.put("client_reference", "visit-78"));

      String job = job(talk.answer(temperature()));

      JsonNode data = Json.MAPPER.readTree(receiver.next().body()).path("data");
      assertThat(data.path("job_id").asString()).isEqualTo(job);
      assertThat(data.path("client_reference").asString()).isEqualTo("visit-78");
      assertThat(data.path("result").path("score").asInt()).isEqualTo(10);
      assertThat(client.ended(job).path("client_reference").asString()).isEqualTo("visit-78");
    }
  }

  @Test
  void it_keeps_the_version_that_it_began_with() throws Exception {
    Sql.insertMock("pinned", "1.0", "{\"code\": \"8310-5\"}");
    Talk talk = Talk.begin(client, without(TEMPERATURE).put("model_key", "pinned"));
    Sql.insertMock("pinned", "2.0", "{\"code\": \"8310-5\"}, {\"code\": \"2160-0\"}");

    JsonNode job = client.ended(job(talk.answer(only(TEMPERATURE))));

    assertThat(job.path("model").path("version").asString()).isEqualTo("1.0");
    assertThat(client.get("/v1/models/pinned").body().path("version").asString()).isEqualTo("2.0");
  }

  @Test
  void its_questions_come_in_the_clients_language() {
    ObjectNode request = Client.payload("ascvd_valid");
    ((tools.jackson.databind.node.ArrayNode) request.path("fhir_bundle").path("entry"))
        .removeIf(
            entry ->
                List.of("smoking", "systolic")
                    .contains(entry.path("resource").path("id").asString()));

    Talk talk = Talk.begin(client, request, "Accept-Language", "de-CH, en;q=0.5");
    JsonNode answered =
        talk.answer(response("systolic", 120), "Accept-Language", "de-CH, en;q=0.5").body();

    String german = "Rauchen Sie zurzeit Tabak?";
    assertThat(asks(talk.first().body())).contains(german);
    assertThat(asks(answered)).containsExactly(german);
    assertThat(answered.path("questionnaire").toString()).contains(german);
    assertThat(asks(talk.standing("Accept-Language", "de").body())).containsExactly(german);
    assertThat(asks(talk.standing().body())).containsExactly("Do you smoke tobacco at present?");
  }

  private static List<String> asks(JsonNode answer) {
    return Talk.mandatory(answer).map(gap -> gap.path("ask").asString("")).toList();
  }
}
