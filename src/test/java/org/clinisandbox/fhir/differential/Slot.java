package org.clinisandbox.fhir.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A place in a JSON document that holds a value.
 *
 * @param holder the object or array that it is in
 * @param name the property; of an array's element that of the array
 * @param index in the array; -1 when the holder is an object
 * @param pointer from the document's root
 */
record Slot(JsonNode holder, String name, int index, String pointer) {
  /** All places below a node, in the document's order. */
  static List<Slot> below(JsonNode root) {
    List<Slot> slots = new ArrayList<>();
    collect(root, "", "", slots);
    return slots;
  }

  private static void collect(JsonNode node, String name, String pointer, List<Slot> slots) {
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      String at = pointer + "/" + property.getKey().replace("~", "~0").replace("/", "~1");
      slots.add(new Slot(node, property.getKey(), -1, at));
      collect(property.getValue(), property.getKey(), at, slots);
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        slots.add(new Slot(node, name, i, pointer + "/" + i));
        collect(node.get(i), name, pointer + "/" + i, slots);
      }
    }
  }

  JsonNode value() {
    return index < 0 ? holder.get(name) : holder.get(index);
  }

  void set(JsonNode value) {
    if (index < 0) {
      ((ObjectNode) holder).set(name, value);
    } else {
      ((ArrayNode) holder).set(index, value);
    }
  }

  void remove() {
    if (index < 0) {
      ((ObjectNode) holder).remove(name);
    } else {
      ((ArrayNode) holder).remove(index);
    }
  }

  boolean isProperty() {
    return index < 0;
  }
}
