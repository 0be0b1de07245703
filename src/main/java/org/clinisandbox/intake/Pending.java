package org.clinisandbox.intake;

import org.clinisandbox.fhir.Json;
import org.clinisandbox.negotiation.Dialogue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is kept of a request until its answers are there. It is PHI. */
record Pending(Dialogue dialogue, @Nullable String callback, @Nullable String clientReference) {
  byte[] toBytes() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("callback", callback).put("client_reference", clientReference);
    json.set("dialogue", dialogue.toJson());
    return Json.MAPPER.writeValueAsBytes(json);
  }

  static Pending fromBytes(byte[] state) {
    JsonNode json = Json.MAPPER.readTree(state);
    return new Pending(
        Dialogue.fromJson(json.path("dialogue")),
        json.path("callback").asString(null),
        json.path("client_reference").asString(null));
  }

  Pending with(Dialogue next) {
    return new Pending(next, callback, clientReference);
  }
}
