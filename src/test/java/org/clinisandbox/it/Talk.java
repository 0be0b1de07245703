package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.clinisandbox.fhir.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A negotiation, seen from its client.
 *
 * @param first the answer that began it
 */
record Talk(Client client, Client.Answer first) {
  static final String ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

  /** Begins one by asking for a diagnosis. */
  static Talk begin(Client client, JsonNode request, String... headers) {
    return new Talk(client, client.post("/v1/diagnose", request, headers));
  }

  /** The complete request of the sepsis model without the observations of these ids. */
  static ObjectNode without(String... ids) {
    ObjectNode request = Client.payload("sepsis_valid");
    ArrayNode entries = (ArrayNode) request.path("fhir_bundle").path("entry");
    entries.removeIf(entry -> List.of(ids).contains(entry.path("resource").path("id").asString()));
    return request;
  }

  /** The observations of these ids, and no patient, as a bundle of their own. */
  static ObjectNode only(String... ids) {
    ObjectNode bundle = (ObjectNode) Client.payload("sepsis_valid").path("fhir_bundle");
    ((ArrayNode) bundle.path("entry"))
        .removeIf(entry -> !List.of(ids).contains(entry.path("resource").path("id").asString()));
    return bundle;
  }

  /** A completed QuestionnaireResponse without items. */
  static ObjectNode response() {
    ObjectNode response = Json.MAPPER.createObjectNode();
    response.put("resourceType", "QuestionnaireResponse").put("status", "completed");
    response.put("authored", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    response.putArray("item");
    return response;
  }

  /** One with a number for an answer. */
  static ObjectNode response(String linkId, double value) {
    ObjectNode response = response();
    answer(response, linkId).put("valueDecimal", value);
    return response;
  }

  /** One with a question that nobody answers, for that reason. */
  static ObjectNode silence(String linkId, String reason) {
    ObjectNode response = response();
    answer(response, linkId)
        .putArray("extension")
        .addObject()
        .put("url", ABSENT)
        .put("valueCode", reason);
    return response;
  }

  /** A further item's one answer. */
  static ObjectNode answer(ObjectNode response, String linkId) {
    return ((ArrayNode) response.path("item"))
        .addObject()
        .put("linkId", linkId)
        .putArray("answer")
        .addObject();
  }

  String id() {
    assertThat(first.type()).as(first.raw().body()).isEqualTo("urn:clinisandbox:data-required");
    return first.body().path("negotiation_id").asString();
  }

  String path() {
    return "/v1/negotiations/" + id();
  }

  Client.Answer answer(JsonNode body, String... headers) {
    return client.post(path() + "/answers", body, headers);
  }

  Client.Answer standing(String... headers) {
    return client.send("GET", path(), "application/json", new byte[0], headers);
  }

  static String job(Client.Answer answer) {
    assertThat(answer.status()).as(answer.raw().body()).isIn(200, 202);
    return answer.body().path("job_id").asString();
  }

  /** The gaps as {@code name reason}, without the optional ones. */
  static List<String> gaps(JsonNode answer) {
    return mandatory(answer)
        .map(gap -> gap.path("name").asString() + " " + gap.path("reason").asString())
        .toList();
  }

  static Stream<JsonNode> mandatory(JsonNode answer) {
    return answer.path("gaps").valueStream().filter(gap -> gap.path("mandatory").asBoolean());
  }
}
