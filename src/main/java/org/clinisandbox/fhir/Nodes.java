package org.clinisandbox.fhir;

import java.util.ArrayList;
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

  /** The codings of a CodeableConcept; none when it is absent. */
  static List<Coding> codings(@Nullable JsonNode concept) {
    Collection<JsonNode> elements = concept == null ? List.of() : elements(concept, "coding");
    if (elements.isEmpty()) {
      return List.of();
    }
    List<Coding> codings = new ArrayList<>(elements.size());
    for (JsonNode coding : elements) {
      codings.add(
          new Coding(text(coding, "system"), text(coding, "code"), text(coding, "display")));
    }
    return codings;
  }

  /** The property of a choice that is there, as {@code valueString} of {@code value}. */
  static @Nullable String choice(JsonNode holder, String prefix) {
    for (String name : holder.propertyNames()) {
      if (name.length() > prefix.length()
          && name.startsWith(prefix)
          && Character.isUpperCase(name.charAt(prefix.length()))) {
        return name;
      }
    }
    return null;
  }
}
