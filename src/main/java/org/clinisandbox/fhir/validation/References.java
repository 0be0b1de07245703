package org.clinisandbox.fhir.validation;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where references lead: into the bundle, into a resource itself, or out of it all. What can be
 * told of the target without leaving the bundle must be what the element wants.
 */
final class References {
  private final R4 r4;
  private final Issues issues;
  private final Map<String, JsonNode> byFullUrl = new HashMap<>();
  private boolean isTransaction;

  References(R4 r4, Issues issues) {
    this.r4 = r4;
    this.issues = issues;
  }

  /** Makes the entries of a bundle known. */
  void know(JsonNode bundle) {
    isTransaction |= "transaction".equals(Tree.text(bundle, "type"));
    JsonNode entries = bundle.get("entry");
    if (entries == null || !entries.isArray()) {
      return;
    }
    for (JsonNode entry : entries) {
      String fullUrl = Tree.text(entry, "fullUrl");
      if (fullUrl != null) {
        byFullUrl.putIfAbsent(fullUrl, entry.path("resource"));
      }
      // A bundle in a bundle has its own.
      JsonNode resource = entry.path("resource");
      if ("Bundle".equals(Tree.text(resource, "resourceType"))) {
        know(resource);
      }
    }
  }

  /** A primitive that may lead to a contained resource. */
  void primitive(Primitive primitive, JsonNode value, Scope scope) {
    switch (primitive) {
      case CANONICAL, URI, URL -> {
        String text = value.stringValue();
        if (text.startsWith("#")) {
          scope.refer(text.substring(1));
        }
      }
      default -> {}
    }
  }

  /** A reference, and what it stands in. */
  void reference(
      JsonNode holder, Type type, Property property, JsonNode value, At at, Scope scope) {
    String stated = Tree.text(value, "type");
    if (stated != null && !Uris.isAbsolute(stated) && r4.resource(stated) == null) {
      issues.add("code-invalid", at.named("type"), "R4 has no resource of this type.");
    }
    String reference = Tree.text(value, "reference");
    if (reference == null) {
      return;
    }
    if (!isWellFormed(reference, scope)) {
      issues.add(
          "value",
          at.named("reference"),
          "A reference is an absolute URL, Type/id, or # and the id of a contained resource.");
      return;
    }
    String target = target(reference, at, scope);
    if (stated != null
        && target != null
        && !stated.equals(target)
        && !stated.endsWith("/" + target)) {
      issues.add("structure", at, "The target is not of the type that the reference states.");
    }
    Set<String> targets = property.targets();
    if (target != null
        && !targets.isEmpty()
        && !targets.contains("Resource")
        && !targets.contains(target)) {
      issues.add(
          "structure",
          at,
          "A reference from here leads to one of: "
              + String.join(", ", targets.stream().sorted().toList())
              + ".");
    } else if (target != null
        && !target.equals("Practitioner")
        && property.name().equals("member")
        && type.name().equals("CareTeam.participant")
        && Tree.has(holder, "onBehalfOf")) {
      issues.add(
          "invariant", at, "ctm-1: Only a Practitioner is a member on behalf of somebody else.");
    }
  }

  /** A search in its place is for transactions alone. */
  private boolean isWellFormed(String reference, Scope scope) {
    if (reference.startsWith("#")) {
      return reference.length() > 1 || scope.isContained();
    }
    if (Uris.isAbsolute(reference)) {
      return true;
    }
    int query = reference.indexOf('?');
    if (query > 0) {
      return isTransaction && r4.resource(reference.substring(0, query)) != null;
    }
    int slash = reference.indexOf('/');
    if (slash < 0 || r4.resource(reference.substring(0, slash)) == null) {
      return false;
    }
    String id = reference.substring(slash + 1);
    int history = id.indexOf("/_history/");
    return history < 0
        ? isId(id)
        : isId(id.substring(0, history)) && isId(id.substring(history + "/_history/".length()));
  }

  private static boolean isId(String text) {
    return !text.isEmpty() && Texts.id(text) == null;
  }

  /** The type of what a reference leads to; null when that can't be told. */
  private @Nullable String target(String reference, At at, Scope scope) {
    if (reference.startsWith("#")) {
      String id = reference.substring(1);
      scope.refer(id);
      if (id.isEmpty()) {
        return Tree.text(scope.root().resource(), "resourceType");
      }
      if (!scope.contains(id)) {
        issues.add(
            "not-found",
            at.named("reference"),
            "No contained resource has this id; contain the resource or correct the reference.");
        return null;
      }
      return scope.typeOf(id);
    }
    if (reference.startsWith("urn:uuid:") || reference.startsWith("urn:oid:")) {
      int fragment = reference.indexOf('#');
      JsonNode resource =
          byFullUrl.get(fragment < 0 ? reference : reference.substring(0, fragment));
      if (resource == null) {
        issues.add(
            "not-found",
            at.named("reference"),
            "No entry of the bundle has this fullUrl; add the resource or correct the reference.");
        return null;
      }
      return fragment < 0 ? Tree.text(resource, "resourceType") : null;
    }
    JsonNode resource = byFullUrl.get(reference);
    return resource != null ? Tree.text(resource, "resourceType") : implied(reference);
  }

  /** The resource type that a URL shows by ending in {@code Type/id}. */
  private @Nullable String implied(String reference) {
    int end = reference.indexOf("/_history/");
    String url = end < 0 ? reference : reference.substring(0, end);
    int slash = url.lastIndexOf('/');
    if (slash < 1 || url.indexOf('?') >= 0 || url.indexOf('#') >= 0) {
      return null;
    }
    String name = url.substring(url.lastIndexOf('/', slash - 1) + 1, slash);
    return r4.resource(name) != null ? name : null;
  }
}
