package org.clinisandbox.fhir.validation;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is asked of JSON trees, whatever their shape. */
final class Tree {
  private Tree() {}

  /** A text property; null when it is not there, or no text. */
  static @Nullable String text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value != null && value.isString() ? value.stringValue() : null;
  }

  static boolean has(JsonNode node, String name) {
    return node.get(name) != null;
  }

  /** The property that holds a {@code value[x]}, without underscore; null when there is none. */
  static @Nullable String value(JsonNode holder) {
    for (String name : holder.propertyNames()) {
      int begin = name.startsWith("_") ? 1 : 0;
      if (name.startsWith("value", begin) && name.length() > begin + "value".length()) {
        return name.substring(begin);
      }
    }
    return null;
  }

  /** Whether a primitive is there: with a value, or with extensions in its stead. */
  static boolean hasPrimitive(JsonNode node, String name) {
    return node.get(name) != null || node.get("_" + name) != null;
  }
}
