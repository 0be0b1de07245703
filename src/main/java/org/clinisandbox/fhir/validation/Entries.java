package org.clinisandbox.fhir.validation;

import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** How the entries of a bundle are addressed. */
final class Entries {
  private static final Pattern REST = Pattern.compile("/[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}$");

  private static final Set<String> WITHOUT_ADDRESS =
      Set.of("transaction", "batch", "transaction-response", "batch-response", "history");

  private Entries() {}

  /**
   * One entry.
   *
   * @param bundle that it is in
   */
  static void check(JsonNode entry, JsonNode bundle, At at, Issues issues) {
    String fullUrl = Tree.text(entry, "fullUrl");
    if (fullUrl == null) {
      String type = Tree.text(bundle, "type");
      if (Tree.has(entry, "resource") && type != null && !WITHOUT_ADDRESS.contains(type)) {
        issues.add("required", at, "In such a bundle each resource has a fullUrl.");
      }
      return;
    }
    if (!Uris.isAbsolute(fullUrl)) {
      issues.add("value", at.named("fullUrl"), "A fullUrl is absolute.");
      return;
    }
    JsonNode resource = entry.path("resource");
    String id = Tree.text(resource, "id");
    String type = Tree.text(resource, "resourceType");
    if (type != null
        && fullUrl.startsWith("http")
        && REST.matcher(fullUrl).find()
        && (id == null || !fullUrl.endsWith("/" + type + "/" + id))) {
      issues.add(
          "value",
          at.named("fullUrl"),
          "The fullUrl looks like a server's, so it ends in the resource's type and id.");
    }
  }
}
