package org.clinisandbox.fhir;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which of a document's entries hang together: a document may only hold what its Composition leads
 * to by references, followed in either direction.
 */
final class Linked {
  private final int[] parents;

  private Linked(int size) {
    parents = new int[size];
    for (int i = 0; i < size; i++) {
      parents[i] = i;
    }
  }

  /**
   * Whether all entries hang together.
   *
   * @param byFullUrl the entries' indices
   */
  static boolean all(List<? extends JsonNode> entries, Map<String, Integer> byFullUrl) {
    Linked linked = new Linked(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      JsonNode entry = entries.get(i);
      linked.visit(entry, i, Target.base(Nodes.text(entry, "fullUrl")), byFullUrl);
    }
    for (int i = 1; i < entries.size(); i++) {
      if (linked.root(i) != linked.root(0)) {
        return false;
      }
    }
    return true;
  }

  private void visit(
      JsonNode node, int from, @Nullable String base, Map<String, Integer> byFullUrl) {
    String reference = Nodes.text(node, "reference");
    if (reference != null) {
      String url = Target.unversioned(reference);
      Integer to = byFullUrl.get(url);
      if (to == null && base != null) {
        to = byFullUrl.get(base + url);
      }
      if (to != null) {
        parents[root(from)] = root(to);
      }
    }
    for (JsonNode child : node.values()) {
      visit(child, from, base, byFullUrl);
    }
  }

  private int root(int i) {
    int root = i;
    while (parents[root] != root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  }
}
