package org.clinisandbox.negotiation;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.registry.Manifest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** QuestionnaireResponses for tests, and the records that they belong to. */
final class Replies {
  static final String ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
  static final Instant AUTHORED = Given.NOW.minusSeconds(600);

  private Replies() {}

  static ObjectNode json(String text) {
    return (ObjectNode) Json.MAPPER.readTree(text);
  }

  /** A record with only its patient, {@code Patient/p}: a woman of 67. */
  static ObjectNode record() {
    return json(
        """
        {"resourceType": "Bundle", "type": "collection", "entry": [ {"fullUrl": "urn:uuid:5b0c7a0e-0000-4000-8000-000000000001",
          "resource": {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1959-03-01"}} ]}
        """);
  }

  /** A record of nobody. */
  static ObjectNode empty() {
    return json("{\"resourceType\": \"Bundle\", \"type\": \"collection\"}");
  }

  /** A completed response about {@code Patient/p}. */
  static ObjectNode response(ObjectNode... items) {
    ObjectNode response =
        json(
            """
            {"resourceType": "QuestionnaireResponse", "status": "completed",
             "subject": {"reference": "Patient/p"}, "authored": "%s"}
            """
                .formatted(AUTHORED));
    response.putArray("item").addAll(Arrays.asList(items));
    return response;
  }

  /** An item with these answers, each the text of its JSON. */
  static ObjectNode item(String linkId, String... answers) {
    ObjectNode item = json("{\"linkId\": \"" + linkId + "\"}");
    for (String answer : answers) {
      item.withArray("answer").add(json(answer));
    }
    return item;
  }

  static ObjectNode group(String linkId, ObjectNode... items) {
    ObjectNode group = json("{\"linkId\": \"" + linkId + "\"}");
    group.putArray("item").addAll(Arrays.asList(items));
    return group;
  }

  static String decimal(String number) {
    return "{\"valueDecimal\": " + number + "}";
  }

  /** An answer that says why there is none. */
  static String absent(String reason) {
    return "{\"extension\": [ {\"url\": \"" + ABSENT + "\", \"valueCode\": \"" + reason + "\"} ]}";
  }

  static Answers taken(ObjectNode response, Manifest manifest) {
    return switch (Extraction.of(response, manifest, true, Given.NOW)) {
      case Extraction.Result.Taken(Answers answers) -> answers;
      case Extraction.Result.Refused refused -> throw new AssertionError(refused.toString());
    };
  }

  /** The Observations of an answer, in its order. */
  static List<JsonNode> observations(Answers answers) {
    return answers.addition().path("entry").values().stream()
        .map(entry -> entry.path("resource"))
        .filter(resource -> resource.path("resourceType").asString("").equals("Observation"))
        .toList();
  }
}
