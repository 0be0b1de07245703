package org.clinisandbox.fhir.validation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An extension that HL7 defines, or a part of one.
 *
 * @param contexts the elements and types that it may stand in; empty for a part
 * @param modifier whether it changes the meaning of what it stands in
 * @param values the types that its value may have, by their names; empty when it has none
 * @param parts the extensions inside it, by their URLs
 */
record Extension(
    List<String> contexts,
    boolean modifier,
    Map<String, Property> values,
    boolean valueRequired,
    Map<String, Part> parts) {
  Extension {
    contexts = List.copyOf(contexts);
    values = Map.copyOf(values);
    parts = Map.copyOf(parts);
  }

  /**
   * An extension inside another.
   *
   * @param definition null when it is one that is defined by itself
   */
  record Part(int min, int max, @Nullable Extension definition) {}

  static Extension read(JsonNode described, R4 r4) {
    List<String> contexts = new ArrayList<>();
    described.path("contexts").forEach(context -> contexts.add(context.asString()));
    Map<String, Property> values = new HashMap<>();
    Codes binding = r4.codes(described.path("binding").asString(null));
    for (JsonNode use : described.path("value")) {
      String code = use.path("code").asString();
      java.util.Set<String> targets = new java.util.HashSet<>();
      use.path("targets").forEach(target -> targets.add(target.asString()));
      Element element = new Element(0, "value", true, 0, 1, false, binding, List.of());
      values.put(code, new Property("value", element, r4.content(code), targets, false));
    }
    Map<String, Part> parts = new HashMap<>();
    for (JsonNode part : described.path("parts")) {
      String max = part.path("max").asString();
      parts.put(
          part.path("url").asString(),
          new Part(
              part.path("min").asInt(),
              max.equals("*") ? Integer.MAX_VALUE : Integer.parseInt(max),
              part.path("defined").asBoolean(false) ? null : read(part, r4)));
    }
    return new Extension(
        contexts,
        described.path("modifier").asBoolean(false),
        values,
        described.path("valueRequired").asBoolean(false),
        parts);
  }
}
