package org.clinisandbox.fhir.validation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An extension that HL7 defines, or a part of one.
 *
 * @param contexts the elements and types that it may stand in; empty for a part
 * @param modifier whether it changes the meaning of what it stands in
 * @param types those that its value may have; empty when it has none
 * @param binding the codes that its value must be one of; null when it is bound to none
 * @param parts the extensions inside it, by their URLs
 */
record Extension(
    Set<String> contexts,
    boolean modifier,
    Set<String> types,
    @Nullable Codes binding,
    boolean valueRequired,
    Map<String, Part> parts) {
  Extension {
    contexts = Set.copyOf(contexts);
    types = Set.copyOf(types);
    parts = Map.copyOf(parts);
  }

  /**
   * An extension inside another.
   *
   * @param definition null when it is one that is defined by itself
   */
  record Part(int min, int max, @Nullable Extension definition) {}

  static Extension read(JsonNode described, R4 r4) {
    Set<String> types = new HashSet<>();
    described.path("value").forEach(use -> types.add(use.path("code").asString()));
    Map<String, Part> parts = new HashMap<>();
    for (JsonNode part : described.path("parts")) {
      parts.put(
          part.path("url").asString(),
          new Part(
              part.path("min").asInt(),
              R4.max(part),
              part.path("defined").asBoolean(false) ? null : read(part, r4)));
    }
    return new Extension(
        R4.words(described.path("contexts")),
        described.path("modifier").asBoolean(false),
        types,
        r4.codes(described.path("binding").asString(null)),
        described.path("valueRequired").asBoolean(false),
        parts);
  }
}
