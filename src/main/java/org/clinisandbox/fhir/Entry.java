package org.clinisandbox.fhir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One entry of a bundle that holds data: its resource stands at {@code entry[index].resource}. */
final class Entry {
  private final int index;
  private final JsonNode node;
  private final JsonNode resource;
  private final @Nullable String fullUrl;
  private final @Nullable String type;
  private @Nullable Map<String, JsonNode> contained;

  private Entry(int index, JsonNode node, JsonNode resource) {
    this.index = index;
    this.node = node;
    this.resource = resource;
    this.fullUrl = Nodes.text(node, "fullUrl");
    this.type = Nodes.text(resource, "resourceType");
  }

  /**
   * The entries that hold data. None are those without a resource, a search's outcome, all of a
   * batch's or transaction's response, and in a history, which has the newest first, every version
   * but the first of each resource, and that one too when the resource was deleted.
   */
  static List<Entry> of(JsonNode bundle) {
    List<Entry> entries = new ArrayList<>();
    String kind = Nodes.text(bundle, "type");
    if ("batch-response".equals(kind) || "transaction-response".equals(kind)) {
      return entries;
    }
    Set<String> seen = new HashSet<>();
    boolean history = "history".equals(kind);
    int index = -1;
    for (JsonNode node : Nodes.elements(bundle, "entry")) {
      index++;
      if (history && isOlder(node, seen)) {
        continue;
      }
      JsonNode resource = node.get("resource");
      JsonNode search = node.get("search");
      if (resource != null
          && resource.isObject()
          && (search == null || !"outcome".equals(Nodes.text(search, "mode")))) {
        entries.add(new Entry(index, node, resource));
      }
    }
    return entries;
  }

  /** Whether a newer version, or the deletion, of the same resource came before in a history. */
  private static boolean isOlder(JsonNode node, Set<String> seen) {
    String fullUrl = Nodes.text(node, "fullUrl");
    JsonNode resource = node.get("resource");
    JsonNode request = node.get("request");
    String name = null;
    if (resource != null) {
      name = name(resource);
    } else if (request != null) {
      name = Nodes.text(request, "url");
    }
    boolean older =
        (fullUrl != null && seen.contains(fullUrl)) || (name != null && seen.contains(name));
    if (fullUrl != null) {
      seen.add(fullUrl);
    }
    if (name != null) {
      seen.add(name);
    }
    return older;
  }

  /** {@code Type/id} of a resource; null when it has no id. */
  static @Nullable String name(JsonNode resource) {
    String type = Nodes.text(resource, "resourceType");
    String id = Nodes.text(resource, "id");
    return type == null || id == null ? null : type + "/" + id;
  }

  int index() {
    return index;
  }

  /** The entry itself. */
  JsonNode node() {
    return node;
  }

  JsonNode resource() {
    return resource;
  }

  @Nullable String fullUrl() {
    return fullUrl;
  }

  @Nullable String type() {
    return type;
  }

  boolean is(String resourceType) {
    return resourceType.equals(type);
  }

  String place() {
    return "Bundle.entry[" + index + "].resource";
  }

  /** The contained resource of this id; null when there is none. */
  @Nullable JsonNode contained(String id) {
    Map<String, JsonNode> byId = contained;
    if (byId == null) {
      byId = new HashMap<>();
      for (JsonNode each : Nodes.elements(resource, "contained")) {
        String its = Nodes.text(each, "id");
        if (its != null) {
          byId.putIfAbsent(its, each);
        }
      }
      contained = byId;
    }
    return byId.get(id);
  }
}
