package org.clinisandbox.registry;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A copy of a document that remembers, by level, which keys its reader asked for. */
final class AskedNode extends ObjectNode {
  private final transient Set<String> asked;

  private AskedNode(Set<String> asked) {
    super(JsonNodeFactory.instance);
    this.asked = asked;
  }

  /**
   * @param levels gains, for each level such as {@code required_observations[].range}, the keys
   */
  static JsonNode copy(JsonNode node, String level, Map<String, Set<String>> levels) {
    if (node.isObject()) {
      AskedNode copy = new AskedNode(levels.computeIfAbsent(level, any -> new TreeSet<>()));
      node.properties()
          .forEach(
              property ->
                  copy.set(
                      property.getKey(),
                      copy(
                          property.getValue(),
                          level.isEmpty() ? property.getKey() : level + "." + property.getKey(),
                          levels)));
      return copy;
    }
    if (node.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      node.forEach(element -> copy.add(copy(element, level + "[]", levels)));
      return copy;
    }
    return node;
  }

  /** The keys that a reader of manifests asks for, by level. */
  static Map<String, Set<String>> ofReading(JsonNode document) {
    Map<String, Set<String>> levels = new TreeMap<>();
    ManifestReader.read(copy(document, "", levels));
    return levels;
  }

  @Override
  public @Nullable JsonNode get(String key) {
    asked.add(key);
    return super.get(key);
  }

  /** Looking which form a document has is not asking for its keys. */
  @Override
  public boolean has(String key) {
    return super.get(key) != null;
  }
}
