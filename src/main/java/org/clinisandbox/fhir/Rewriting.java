package org.clinisandbox.fhir;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Lets references follow where an addition's resources went. */
final class Rewriting {
  private static final Set<String> OF_A_REFERENCE =
      Set.of("id", "extension", "reference", "type", "identifier", "display");

  /** The system of an identifier that is a URI. */
  private static final String URI_SYSTEM = "urn:ietf:rfc:3986";

  /** Where references lead now, by fullUrl and by {@code Type/id}. */
  private final Map<String, String> moved = new HashMap<>();

  private final boolean conditional;

  /**
   * @param conditional whether conditional references may stay, as in a transaction; otherwise they
   *     become logical ones
   */
  Rewriting(boolean conditional) {
    this.conditional = conditional;
  }

  /** The {@code urn:} fullUrls of resources that are not in the bundle. */
  private final Map<String, String> leftOut = new HashMap<>();

  /** An added resource takes the place of another one. */
  void moved(Entry entry, @Nullable String fullUrl, JsonNode earlier) {
    String name = Entry.name(entry.resource());
    String earlierName = Entry.name(earlier);
    String to = fullUrl == null ? earlierName : fullUrl;
    boolean sameName = name == null || earlierName == null || name.equals(earlierName);
    if (to == null || (fullUrl == null && sameName) || (sameName && to.equals(entry.fullUrl()))) {
      return;
    }
    if (entry.fullUrl() != null) {
      moved.put(entry.fullUrl(), to);
    }
    if (name != null) {
      moved.put(name, to);
    }
  }

  /** A resource was not added. */
  void leftOut(Entry entry) {
    String fullUrl = entry.fullUrl();
    String name = Entry.name(entry.resource());
    if (fullUrl != null && fullUrl.startsWith("urn:")) {
      leftOut.put(fullUrl, fullUrl);
      if (name != null) {
        leftOut.put(name, fullUrl);
      }
    } else if (fullUrl != null && name != null) {
      moved.put(name, fullUrl);
    }
  }

  /** References by {@code Type/id} become references by fullUrl, unless it went elsewhere. */
  void named(String name, String fullUrl) {
    if (!leftOut.containsKey(name)) {
      moved.putIfAbsent(name, fullUrl);
    }
  }

  /** A resource with its references rewritten; the same node when nothing is to do. */
  JsonNode of(JsonNode node) {
    return moved.isEmpty() && leftOut.isEmpty() && conditional ? node : copy(node);
  }

  private JsonNode copy(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
          copy.set(member.getKey(), copy(member.getValue()));
        }
        rewrite(copy);
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
        array.values().forEach(element -> copy.add(copy(element)));
        yield copy;
      }
      default -> node;
    };
  }

  private void rewrite(ObjectNode node) {
    String written = reference(node);
    if (written == null) {
      return;
    }
    String reference = Target.unversioned(written);
    String to = moved.get(reference);
    String uri = leftOut.get(reference);
    int query = reference.indexOf('?');
    if (to != null) {
      node.put("reference", to);
    } else if (uri != null) {
      logical(node, URI_SYSTEM, uri);
    } else if (!conditional && query > 0) {
      String type = reference.substring(0, query);
      String identifier = Target.conditional(reference, type);
      int bar = identifier == null ? -1 : identifier.indexOf('|');
      node.put("type", type);
      logical(
          node,
          identifier == null || bar <= 0 ? null : identifier.substring(0, bar),
          identifier == null ? reference : identifier.substring(bar + 1));
    }
  }

  private static void logical(ObjectNode reference, @Nullable String system, String value) {
    reference.remove("reference");
    ObjectNode identifier = reference.putObject("identifier");
    if (system != null) {
      identifier.put("system", system);
    }
    identifier.put("value", value);
  }

  /** The reference of a node that has the shape of a Reference, and of nothing else. */
  private static @Nullable String reference(JsonNode node) {
    String reference = Nodes.text(node, "reference");
    if (reference == null) {
      return null;
    }
    for (String name : node.propertyNames()) {
      if (!OF_A_REFERENCE.contains(name.startsWith("_") ? name.substring(1) : name)) {
        return null;
      }
    }
    return reference;
  }
}
