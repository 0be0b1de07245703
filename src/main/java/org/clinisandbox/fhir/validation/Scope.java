package org.clinisandbox.fhir.validation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The resource that a walk is in, with what its rules have to know of the whole of it. */
final class Scope {
  private final JsonNode resource;
  private final @Nullable Scope container;
  private final Map<String, String> contained;
  private final Set<String> referredTo = new HashSet<>();

  private Scope(JsonNode resource, @Nullable Scope container) {
    this.resource = resource;
    this.container = container;
    JsonNode inner = container == null ? resource.get("contained") : null;
    this.contained = inner == null || !inner.isArray() ? Map.of() : types(inner);
  }

  static Scope of(JsonNode resource) {
    return new Scope(resource, null);
  }

  private static Map<String, String> types(JsonNode resources) {
    Map<String, String> types = new HashMap<>();
    for (JsonNode resource : resources) {
      String id = Tree.text(resource, "id");
      String type = Tree.text(resource, "resourceType");
      if (id != null) {
        types.putIfAbsent(id, type == null ? "" : type);
      }
    }
    return types;
  }

  /** The scope of a resource that is contained in this one. */
  Scope contained(JsonNode inner) {
    return new Scope(inner, this);
  }

  boolean isContained() {
    return container != null;
  }

  JsonNode resource() {
    return resource;
  }

  /** The resource that is contained in no other. */
  Scope root() {
    return container == null ? this : container.root();
  }

  /** Whether the root contains a resource of this id. */
  boolean contains(String id) {
    return root().contained.containsKey(id);
  }

  /** The type of the resource of this id in the root; null when there is none. */
  @Nullable String typeOf(String id) {
    return root().contained.get(id);
  }

  /** Notes that something in here leads to a contained resource, or to the root itself. */
  void refer(String id) {
    root().referredTo.add(id);
    if (id.isEmpty() && container != null) {
      String own = Tree.text(resource, "id");
      if (own != null) {
        root().referredTo.add(own);
      }
    }
  }

  boolean isReferredTo(String id) {
    return referredTo.contains(id);
  }
}
