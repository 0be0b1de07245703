package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.clinisandbox.fhir.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A Questionnaire of ours in somebody else's form renderer, filled in, sent back, and run. */
class FormRendererIT {
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MM/dd/yyyy");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM/dd/yyyy HH:mm:ss");

  @TempDir static Path folder;
  private static @Nullable LhcForms started;

  private final Client client = Up.client();
  private LhcForms form;

  /** Before each, since a test that is skipped before all of them is reported nowhere. */
  @BeforeEach
  void start() {
    if (started == null) {
      started = LhcForms.start(folder);
    }
    form = started;
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
  }

  @Test
  void a_number_and_a_choice_make_the_score() {
    ObjectNode request = Client.payload("sepsis_missing_temperature");
    ArrayNode entries = (ArrayNode) request.at("/fhir_bundle/entry");
    entries.removeIf(entry -> entry.at("/resource/id").asString().equals("consciousness"));
    String answers = open(request);
    assertThat(form.complaints()).hasSize(2);
    assertThat(form.unit("temperature/1")).isEqualTo("°C");

    form.type("temperature/1", "39.4");
    form.choose("consciousness/1", "Confused");

    JsonNode job = sent(answers);
    assertThat(job.at("/result/score").asInt()).isEqualTo(13);
    assertThat(job.at("/result/outcome").asString()).isEqualTo("high");
  }

  @Test
  void a_form_in_german_asks_for_everything_and_makes_the_published_risk() {
    String answers = open(nothingKnown("ascvd-pce"), "Accept-Language", "de");
    assertThat(form.label("age/1")).startsWith("Wann genau ist der Patient geboren?");
    assertThat(form.label("smoking/1")).startsWith("Rauchen Sie zurzeit Tabak?");

    form.type("age/1", LocalDate.now(LhcForms.ZONE).minusYears(55).minusDays(30).format(DATE));
    form.choose("sex/1", "Female");
    form.choose("race/1", "White");
    form.choose("smoking/1", "Never smoker");
    form.type("systolic/1", "120");
    form.tick("diabetes/1", false);
    form.tick("bp_treated/1", false);
    form.type("total_cholesterol/1", "213");
    form.type("hdl_cholesterol/1", "50");

    JsonNode job = sent(answers);
    assertThat(job.at("/result/probability").asDouble()).isCloseTo(0.021, within(0.001));
    assertThat(job.path("inputs"))
        .hasSize(9)
        .noneMatch(input -> input.path("source").asString().equals("assumed"));
  }

  @Test
  void values_with_their_times_and_one_of_a_group_and_a_quantity_reach_the_model() {
    register(
        """
        key: every-item
        version: "1"
        name: Every kind of item
        image: mock/every-item
        required_observations:
          - { name: weight, code: "29463-7", display: Body weight }
          - { name: creatinine, code: "2160-0", display: Creatinine, unit: mg/dL, count: 2, spacing: PT48H }
          - { name: lactate, code: "2524-7", display: Lactate, unit: mmol/L, count: 2, mandatory: false }
          - { name: acr, code: "9318-7", display: Albumin to creatinine, unit: mg/g }
          - { name: pcr, code: "2890-2", display: Protein to creatinine, unit: mg/g }
        any_of: [ { name: albuminuria, inputs: [acr, pcr] } ]
        """);
    String answers = open(nothingKnown("every-item"));
    ZonedDateTime first =
        ZonedDateTime.now(LhcForms.ZONE).minusDays(5).truncatedTo(ChronoUnit.SECONDS);
    ZonedDateTime second = first.plusDays(3);

    form.type("weight/1", "70.5");
    form.type("unit_weight/1", "kg");
    form.type("creatinine/1", "1.1");
    form.type("creatinine.at/1/1", first.format(TIME));
    form.another("creatinine/1");
    form.type("creatinine/2", "1.3");
    form.type("creatinine.at/2/1", second.format(TIME));
    form.type("pcr/1/1", "150");

    JsonNode inputs = sent(answers).path("inputs");
    assertThat(inputs)
        .extracting(input -> input.path("name").asString())
        .containsExactly("weight", "creatinine", "pcr");
    assertThat(inputs.at("/0/value").decimalValue()).isEqualByComparingTo("70.5");
    assertThat(inputs.at("/0/unit").asString()).isEqualTo("kg");
    assertThat(inputs.at("/1/value").decimalValue()).isEqualByComparingTo("1.3");
    assertThat(inputs.at("/1/effective").asString()).isEqualTo(second.toInstant().toString());
    assertThat(inputs.at("/1/earlier/0/value").decimalValue()).isEqualByComparingTo("1.1");
    assertThat(inputs.at("/1/earlier/0/effective").asString())
        .isEqualTo(first.toInstant().toString());
    assertThat(inputs.at("/2/value").decimalValue()).isEqualByComparingTo("150");
  }

  @Test
  void what_is_declined_is_not_asked_again() {
    String answers = open(nothingKnown("qsofa"));
    form.type("respiration/1", "24");
    ObjectNode response = (ObjectNode) form.response();
    response
        .withArray("item")
        .add(
            Json.MAPPER.readTree(
                """
                {"linkId": "systolic", "answer": [{"extension": [
                  {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                   "valueCode": "asked-declined"}]}]}
                """));

    Client.Answer answer = client.post(answers, response);
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(422);
    assertThat(answer.body().path("gaps"))
        .filteredOn(gap -> gap.path("name").asString().equals("systolic"))
        .hasSize(1)
        .allMatch(gap -> gap.path("reason").asString().equals("data-absent") && !gap.has("ask"));
    assertThat(answer.body().at("/questionnaire/item"))
        .extracting(item -> item.path("linkId").asString())
        .isNotEmpty()
        .doesNotContain("systolic", "respiration");
  }

  @Test
  void the_browser_reaches_this_machine_only() {
    open(nothingKnown("sepsis"));
    assertThat(form.reaches("127.0.0.1")).isTrue();
    assertThat(form.reaches("localhost")).isFalse();
  }

  private void register(String manifest) {
    byte[] yaml = manifest.getBytes(StandardCharsets.UTF_8);
    JsonNode model = client.post("/v1/models", "application/yaml", yaml).body();
    String path =
        "/v1/models/%s/versions/%s"
            .formatted(model.path("key").asString(), model.path("version").asString());
    byte[] active = "{\"state\":\"active\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(client.send("PATCH", path, "application/json", active).status()).isEqualTo(200);
  }

  private static JsonNode nothingKnown(String model) {
    return Json.MAPPER.readTree(
        """
        {"model_key": "%s", "fhir_bundle": {"resourceType": "Bundle", "type": "collection", "entry": [
          {"fullUrl": "urn:uuid:5f0c0000-0000-4000-8000-000000000001",
           "resource": {"resourceType": "Patient", "id": "patient-1"}}]}}
        """
            .formatted(model));
  }

  /** Opens what is asked for as a form; returns where the answers go. */
  private String open(JsonNode request, String... headers) {
    Client.Answer answer = client.post("/v1/diagnose", request, headers);
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(422);
    form.open(answer.body().path("questionnaire"));
    return "/v1/negotiations/%s/answers".formatted(answer.body().path("negotiation_id").asString());
  }

  /** Sends what was filled in, and returns the finished job. */
  private JsonNode sent(String answers) {
    assertThat(form.lastComplaints()).isEmpty();
    byte[] response = Json.MAPPER.writeValueAsBytes(form.response());
    Client.Answer answer =
        client.post(answers, "application/fhir+json", response, "Prefer", "wait=30");
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
    assertThat(answer.body().path("status").asString()).isEqualTo("succeeded");
    return answer.body();
  }
}
