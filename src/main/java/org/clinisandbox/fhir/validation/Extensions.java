package org.clinisandbox.fhir.validation;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Holds the extensions that HL7 defines against their definitions. Others may be anything. */
final class Extensions {
  private final R4 r4;
  private final Issues issues;
  private final Bindings bindings;
  private @Nullable Primitive primitive;

  Extensions(R4 r4, Issues issues, Bindings bindings) {
    this.r4 = r4;
    this.issues = issues;
    this.bindings = bindings;
  }

  /** Says that the walk is beside a primitive's value; null when it has left. */
  void inPrimitive(@Nullable Primitive beside) {
    primitive = beside;
  }

  /**
   * One extension.
   *
   * @param holder the type of the object that it stands in
   * @param property where: extension or modifierExtension
   */
  void check(JsonNode extension, At at, Type holder, String property, Scope scope) {
    String url = Tree.text(extension, "url");
    if (url == null) {
      return;
    }
    boolean nested = holder.name().equals("Extension");
    if (!nested && !Uris.isAbsolute(url)) {
      issues.add("invalid", at, "The url of an extension is absolute.");
      return;
    }
    Extension definition = r4.extension(url);
    if (definition == null) {
      return;
    }
    if (definition.modifier() != property.equals("modifierExtension")) {
      issues.add(
          "structure",
          at,
          definition.modifier()
              ? "This extension changes meanings; it stands in modifierExtension."
              : "This extension is no modifierExtension.");
    }
    if (!definition.contexts().isEmpty() && !stands(definition, holder, at, scope)) {
      issues.add("structure", at, "This extension is not meant for such an element.");
    }
    content(extension, definition, at);
  }

  private boolean stands(Extension definition, Type holder, At at, Scope scope) {
    for (String context : definition.contexts()) {
      // Element stands for resources too.
      if (context.equals("Element") || isA(holder, context)) {
        return true;
      }
    }
    if (primitive != null && definition.contexts().contains(primitive.fhirName())) {
      return true;
    }
    At element = at.parent();
    String typed =
        element == null || element.owner() == null
            ? ""
            : element.owner().name() + "." + element.name();
    String path = path(at, scope);
    return definition.contexts().stream()
        .anyMatch(
            context ->
                context.equals(typed) || context.equals(path) || context.equals(typed + "[x]"));
  }

  /** Whether a type is, or specializes, the one of this name. */
  private boolean isA(Type type, String name) {
    for (Type each = type; each != null; ) {
      if (each.name().equals(name)) {
        return true;
      }
      String base = each.base();
      each = base == null ? null : r4.datatype(base);
    }
    return false;
  }

  /** The path of the element that an extension stands in, as definitions write it. */
  private static String path(At at, Scope scope) {
    StringBuilder path = new StringBuilder();
    for (At each = at.parent(); each != null; each = each.parent()) {
      if (each.parent() == null
          || each.name().equals("resource")
          || each.name().equals("contained")) {
        break;
      }
      path.insert(0, "." + each.name());
    }
    return Tree.text(scope.resource(), "resourceType") + path;
  }

  private void content(JsonNode extension, Extension definition, At at) {
    String value = Tree.value(extension);
    JsonNode inner = extension.get("extension");
    boolean parts = inner != null && inner.isArray();
    if (value == null) {
      if (definition.valueRequired() && !definition.types().isEmpty()) {
        issues.add("required", at, "This extension needs a value.");
      }
    } else if (definition.types().isEmpty()) {
      issues.add("structure", at, "This extension has no value, but extensions inside it.");
    } else {
      value(extension, value, definition, at);
    }
    if (parts && !definition.parts().isEmpty()) {
      parts(inner, definition, at);
    } else if (parts && !definition.types().isEmpty() && value == null) {
      issues.add("structure", at, "This extension has a value, and no extensions inside it.");
    } else if (!parts) {
      parts(null, definition, at);
    }
  }

  private void value(JsonNode extension, String property, Extension definition, At at) {
    String type = property.substring("value".length());
    String primitive = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
    if (!definition.types().contains(type) && !definition.types().contains(primitive)) {
      issues.add("structure", at, "The value of this extension has another type.");
      return;
    }
    JsonNode value = extension.get(property);
    if (definition.binding() != null && value != null) {
      bindings.held(definition.binding(), value, at);
    }
  }

  private void parts(@Nullable JsonNode inner, Extension definition, At at) {
    Map<String, Integer> counts = new HashMap<>();
    if (inner != null) {
      for (int i = 0; i < inner.size(); i++) {
        String url = Tree.text(inner.get(i), "url");
        Extension.Part part = url == null ? null : definition.parts().get(url);
        if (part == null) {
          issues.add(
              "structure", at.named("extension", i), "The extension around this has no such part.");
          continue;
        }
        counts.merge(requireNonNull(url), 1, Integer::sum);
        if (part.definition() != null) {
          content(inner.get(i), part.definition(), at.named("extension", i));
        }
      }
    }
    definition
        .parts()
        .forEach(
            (url, part) -> {
              int count = counts.getOrDefault(url, 0);
              if (count < part.min()) {
                issues.add("required", at, "This extension lacks its part " + url + ".");
              } else if (count > part.max()) {
                issues.add("structure", at, "This extension has too many parts " + url + ".");
              }
            });
  }
}
