package org.clinisandbox.fhir.validation;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** How the entries of a bundle are addressed. */
final class Entries {
  private static final Pattern REST = Pattern.compile("/[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}$");

  private Entries() {}

  static void check(JsonNode entry, At at, Issues issues) {
    String fullUrl = Tree.text(entry, "fullUrl");
    if (fullUrl == null) {
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
