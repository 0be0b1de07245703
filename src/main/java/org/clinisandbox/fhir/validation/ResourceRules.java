package org.clinisandbox.fhir.validation;

import tools.jackson.databind.JsonNode;

/** What holds for a resource as a whole: its contained resources, dom-2 to dom-5. */
final class ResourceRules {
  private ResourceRules() {}

  /** To be asked when the walk has been through it. */
  static void check(JsonNode resource, At at, Scope scope, Issues issues) {
    JsonNode contained = resource.get("contained");
    if (contained == null || !contained.isArray()) {
      return;
    }
    if (scope.isContained()) {
      issues.add("invariant", at, "dom-2: A contained resource contains no others.");
      return;
    }
    for (int i = 0; i < contained.size(); i++) {
      JsonNode inner = contained.get(i);
      At here = at.named("contained", i);
      JsonNode meta = inner.path("meta");
      if (Tree.has(meta, "versionId") || Tree.has(meta, "lastUpdated")) {
        issues.add("invariant", here, "dom-4: A contained resource has no version of its own.");
      }
      if (Tree.has(meta, "security")) {
        issues.add("invariant", here, "dom-5: A contained resource has no security label.");
      }
      String id = Tree.text(inner, "id");
      if (id == null) {
        issues.add("required", here, "A contained resource needs an id.");
      } else if (!scope.isReferredTo(id)) {
        issues.add(
            "invariant",
            here,
            "dom-3: Nothing refers to this contained resource, nor does it to its container.");
      }
    }
  }
}
