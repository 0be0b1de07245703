package org.clinisandbox.fhir;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * References that are local by nature and lead nowhere: {@code urn:uuid:} and {@code urn:oid:} to
 * no fullUrl of the bundle, {@code #id} to no contained resource. What a relative or absolute URL
 * names may well exist outside the bundle. Visits each node once.
 */
final class LocalReferences {
  private static final Set<String> OF_A_REFERENCE =
      Set.of("id", "extension", "reference", "type", "identifier", "display");

  private final Set<String> fullUrls = new HashSet<>();
  private final List<Dangling> dangling = new ArrayList<>();

  private LocalReferences() {}

  /**
   * A reference that leads nowhere.
   *
   * @param holder FHIRPath of the Reference, without its {@code .reference}
   */
  record Dangling(String holder, int entry, boolean contained) {
    Finding finding() {
      return new Finding(
          Finding.Severity.ERROR,
          "not-found",
          holder + ".reference",
          contained
              ? "No contained resource has this id; contain the resource or correct the reference."
              : "No entry of the bundle has this fullUrl; add the resource or correct the"
                  + " reference.");
    }
  }

  /** Those of one bundle by itself. */
  static LocalReferences of(JsonNode bundle) {
    LocalReferences references = new LocalReferences();
    collect(bundle, references.fullUrls);
    references.visit(bundle, new Path(null, "Bundle", -1), Set.of(), -1);
    return references;
  }

  /** Those of an addition, which may lead into the bundle that it is for. */
  static LocalReferences of(JsonNode addition, JsonNode bundle) {
    LocalReferences references = new LocalReferences();
    collect(addition, references.fullUrls);
    collect(bundle, references.fullUrls);
    references.visit(addition, new Path(null, "Bundle", -1), Set.of(), -1);
    return references;
  }

  List<Dangling> dangling() {
    return dangling;
  }

  private static void collect(JsonNode node, Set<String> fullUrls) {
    String fullUrl = Nodes.text(node, "fullUrl");
    if (fullUrl != null) {
      fullUrls.add(fullUrl);
    }
    node.values().forEach(child -> collect(child, fullUrls));
  }

  private void visit(JsonNode node, Path path, Set<String> contained, int entry) {
    Set<String> known = contained;
    if (node.has("resourceType") && !path.name.equals("contained")) {
      known = new HashSet<>();
      for (JsonNode resource : Nodes.elements(node, "contained")) {
        String id = Nodes.text(resource, "id");
        if (id != null) {
          known.add(id);
        }
      }
    }
    String reference = reference(node);
    if (reference != null) {
      check(reference, path, known, entry);
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      String name = property.getKey();
      JsonNode value = property.getValue();
      if (value.isArray()) {
        boolean entries = path.parent == null && name.equals("entry");
        int index = 0;
        for (JsonNode element : value.values()) {
          visit(element, new Path(path, name, index), known, entries ? index : entry);
          index++;
        }
      } else if (value.isObject()) {
        visit(value, new Path(path, name, -1), known, entry);
      }
    }
  }

  private void check(String reference, Path path, Set<String> contained, int entry) {
    if (reference.startsWith("#")) {
      // A bare # is the containing resource itself.
      if (reference.length() > 1 && !contained.contains(reference.substring(1))) {
        dangling.add(new Dangling(path.toString(), entry, true));
      }
    } else if (reference.startsWith("urn:uuid:") || reference.startsWith("urn:oid:")) {
      int fragment = reference.indexOf('#');
      String fullUrl = fragment < 0 ? reference : reference.substring(0, fragment);
      if (!fullUrls.contains(fullUrl)) {
        dangling.add(new Dangling(path.toString(), entry, false));
      }
    }
  }

  /** The reference of a node that has the shape of a Reference, and of nothing else. */
  static @Nullable String reference(JsonNode node) {
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

  /** Where the visit is; written out only for a finding. */
  private record Path(@Nullable Path parent, String name, int index) {
    @Override
    public String toString() {
      String own = index < 0 ? name : name + "[" + index + "]";
      return parent == null ? own : parent + "." + own;
    }
  }
}
