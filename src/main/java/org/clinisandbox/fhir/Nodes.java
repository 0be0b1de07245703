package org.clinisandbox.fhir;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads JSON of any shape without throwing: what has another shape counts as not there. */
final class Nodes {
  private Nodes() {}

  static @Nullable String text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value != null && value.isString() ? value.stringValue() : null;
  }

  /** The elements of an array property; none when it is no array. */
  static Collection<JsonNode> elements(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value != null && value.isArray() ? value.values() : List.of();
  }

  static boolean isResource(JsonNode node, String type) {
    return node.isObject() && type.equals(text(node, "resourceType"));
  }
}
