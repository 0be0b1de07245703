package org.clinisandbox.webhook;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The envelope that all messages share. */
final class Json {
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static ObjectNode message(String type, Instant timestamp) {
    return MAPPER
        .createObjectNode()
        .put("type", type)
        .put("timestamp", timestamp.truncatedTo(ChronoUnit.MILLIS).toString());
  }
}
