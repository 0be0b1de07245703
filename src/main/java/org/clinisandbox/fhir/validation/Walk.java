package org.clinisandbox.fhir.validation;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.clinisandbox.fhir.validation.Property.Content;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One walk over a bundle's tree, in its order: each object is held against its type, each value
 * against its primitive type, each code against its list, and each rule is asked where it holds.
 */
final class Walk {
  /** What FHIRPath can name. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

  private final R4 r4;
  private final Type beside;
  private final Issues issues;
  private final References references;
  private final Bindings bindings;
  private final Extensions extensions;
  private final VitalSigns vitalSigns;
  private final IntConsumer walked;

  /**
   * @param walked is given the index of each entry that was walked over, as long as nothing is
   *     wrong
   */
  Walk(R4 r4, Issues issues, References references, IntConsumer walked) {
    this.r4 = r4;
    this.beside = requireNonNull(r4.datatype("Element"));
    this.issues = issues;
    this.references = references;
    this.bindings = new Bindings(r4, issues);
    this.extensions = new Extensions(r4, issues, bindings);
    this.vitalSigns = new VitalSigns(issues);
    this.walked = walked;
  }

  /** The whole of a bundle. */
  void bundle(JsonNode bundle) {
    resource(bundle, At.root("Bundle"), null);
    issues.enter(-1);
  }

  /**
   * A resource.
   *
   * @param outer what contains it; null for one that stands for itself
   */
  private void resource(JsonNode node, At at, @Nullable Scope outer) {
    if (!node.isObject()) {
      issues.add("structure", at, "A resource is an object.");
      return;
    }
    String name = Tree.text(node, "resourceType");
    Type type = name == null ? null : r4.resource(name);
    if (type == null) {
      issues.add(
          "structure",
          at,
          name == null
              ? "This resource has no resourceType."
              : "R4 has no resource of this resourceType.");
      return;
    }
    Scope scope = outer == null ? Scope.of(node) : outer.contained(node);
    object(node, type, at, scope);
    ResourceRules.check(node, at, scope, issues);
  }

  /** An object of a type. Its caller has made sure that it is one. */
  private void object(JsonNode node, Type type, At at, Scope scope) {
    object(node, type, at, scope, type.isResource());
  }

  /**
   * @param full whether it has content even if it shows none
   */
  private void object(JsonNode node, Type type, At at, Scope scope, boolean full) {
    long seen = 0;
    boolean content = full;
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String name = member.getKey();
      Property property = type.property(name);
      boolean companion = false;
      if (property == null && name.startsWith("_")) {
        property = type.property(name.substring(1));
        companion = true;
      }
      if (property == null || (companion && !(property.content() instanceof Content.Simple))) {
        if (name.equals("resourceType") && type.isResource()) {
          continue;
        }
        unknown(name, at);
        continue;
      }
      Element element = property.element();
      content |= !name.equals("id");
      if (element.choice()
          && (seen & 1L << element.index()) != 0
          && hasOther(node, property, type)) {
        issues.add(
            "structure",
            at.of(type, property, -1),
            "The element " + element.name() + "[x] is there with two types; keep one of them.");
      }
      seen |= 1L << element.index();
      if (companion) {
        companion(node, property, member.getValue(), at, type, scope);
      } else {
        values(node, property, member.getValue(), at, type, scope);
      }
      if (issues.isFull()) {
        return;
      }
    }
    if (!content) {
      issues.add("invariant", at, "ele-1: All FHIR elements must have a @value or children.");
      if (node.isEmpty()) {
        return;
      }
    }
    missing(type, seen, at);
    switch (type.name()) {
      case "Observation" -> {
        bindings.measured(node, at);
        vitalSigns.check(node, at);
      }
      case "Observation.component" -> bindings.measured(node, at);
      case "Identifier" -> Identifiers.check(node, at, issues);
      case "Bundle.entry" -> Entries.check(node, scope.resource(), at, issues);
      default -> {}
    }
    rules(type.rules(), node, type.name(), at, scope);
  }

  /** Whether this element is there with another of its types. */
  private static boolean hasOther(JsonNode node, Property property, Type type) {
    for (String name : node.propertyNames()) {
      Property each = type.property(name.startsWith("_") ? name.substring(1) : name);
      if (each != null
          && each.element().index() == property.element().index()
          && !each.name().equals(property.name())) {
        return true;
      }
    }
    return false;
  }

  private void unknown(String name, At at) {
    issues.add(
        "structure",
        NAME.matcher(name).matches() ? at.named(name) : at,
        "R4 has no element of this name here"
            + (name.startsWith("_") ? ", or it is no primitive." : "."));
  }

  private void missing(Type type, long seen, At at) {
    long missing = type.required() & ~seen;
    while (missing != 0) {
      Element element = type.elements().get(Long.numberOfTrailingZeros(missing));
      issues.add(
          "required",
          at,
          "The element "
              + element.name()
              + (element.choice() ? "[x]" : "")
              + " is missing; "
              + type.name()
              + " must have it.");
      missing &= missing - 1;
    }
  }

  private void rules(List<Rule> rules, JsonNode node, String type, At at, Scope scope) {
    for (Rule rule : rules) {
      if (!rule.holds(node, type, scope)) {
        issues.add("invariant", at, rule.key() + ": " + rule.human());
      }
    }
  }

  /** What a property holds: one value, or an array of them where the element may repeat. */
  private void values(
      JsonNode holder, Property property, JsonNode value, At at, Type type, Scope scope) {
    Element element = property.element();
    if (!element.repeats()) {
      if (value.isArray()) {
        issues.add(
            "structure",
            at.of(type, property, -1),
            "Only one is allowed here; send it without array.");
        return;
      }
      one(holder, property, value, at, -1, type, scope);
      return;
    }
    if (!value.isArray()) {
      issues.add("structure", at.of(type, property, -1), "This element may repeat; send an array.");
      return;
    }
    int length = value.size();
    if (length == 0) {
      issues.add(
          "structure", at.of(type, property, -1), "The array is empty; leave the property out.");
    }
    if (length > element.max()) {
      issues.add(
          "structure", at.of(type, property, -1), "At most " + element.max() + " are allowed.");
    }
    if (length < element.min()) {
      issues.add(
          "required", at.of(type, property, -1), "At least " + element.min() + " are needed.");
    }
    boolean entries = at.parent() == null && property.name().equals("entry");
    for (int i = 0; i < length; i++) {
      if (entries) {
        issues.enter(i);
      }
      JsonNode each = value.get(i);
      if (each.isNull() && property.content() instanceof Content.Simple) {
        JsonNode extra = holder.path("_" + property.name()).path(i);
        if (!extra.isObject() || extra.isEmpty()) {
          issues.add(
              "structure",
              at.of(type, property, i),
              "A null stands for extensions; there are none.");
        }
      } else {
        one(holder, property, each, at, i, type, scope);
      }
      if (issues.isFull()) {
        return;
      }
      if (entries && issues.list().isEmpty()) {
        walked.accept(i);
      }
    }
    if (entries) {
      issues.enter(-1);
    }
  }

  private void one(
      JsonNode holder,
      Property property,
      JsonNode value,
      At at,
      int index,
      Type type,
      Scope scope) {
    switch (property.content()) {
      case Content.Simple(Primitive primitive) -> {
        String wrong = primitive.wrong(value);
        if (wrong != null) {
          issues.add("value", at.of(type, property, index), wrong);
        } else {
          references.primitive(primitive, value, scope);
          bindings.primitive(property, value, type, at, index);
          rules(property.element().rules(), value, primitive.fhirName(), at, scope);
        }
      }
      case Content.Xhtml() -> {
        String wrong =
            value.isString() ? Narrative.wrong(value.stringValue()) : "A narrative is a string.";
        if (wrong != null) {
          issues.add("invalid", at.of(type, property, index), wrong);
        }
      }
      case Content.AnyResource() -> {
        At here = at.of(type, property, index);
        boolean inside = property.name().equals("contained");
        resource(value, here, inside ? scope : null);
      }
      case Content.Complex(Type complex) -> {
        At here = at.of(type, property, index);
        if (!value.isObject()) {
          issues.add("structure", here, "This is no object; " + complex.name() + " is one.");
          return;
        }
        if (complex.name().equals("Extension")) {
          extensions.check(value, here, type, property.name(), scope);
        }
        object(value, complex, here, scope);
        if (complex.name().equals("Reference")) {
          references.reference(holder, type, property, value, here, scope);
        }
        bindings.complex(property, complex, value, here);
        if (property.simple() && Tree.hasPrimitive(value, "comparator")) {
          issues.add("invariant", here, "sqty-1: The comparator is not used on a SimpleQuantity");
        }
        rules(property.element().rules(), value, complex.name(), here, scope);
      }
    }
  }

  /** The underscored twin of a primitive: its id and extensions. */
  private void companion(
      JsonNode holder, Property property, JsonNode twin, At at, Type type, Scope scope) {
    JsonNode value = holder.get(property.name());
    if (!property.element().repeats()) {
      if (!twin.isObject()) {
        issues.add(
            "structure", at.of(type, property, -1), "What stands beside a value is an object.");
        return;
      }
      twinObject(twin, property, at.of(type, property, -1), scope, value != null);
      return;
    }
    if (!twin.isArray() || twin.isEmpty()) {
      issues.add(
          "structure", at.of(type, property, -1), "What stands beside an array is an array.");
      return;
    }
    if (value != null && value.isArray() && value.size() != twin.size()) {
      issues.add(
          "structure",
          at.of(type, property, -1),
          "The array and its underscored twin differ in length.");
    }
    for (int i = 0; i < twin.size(); i++) {
      JsonNode each = twin.get(i);
      if (each.isObject()) {
        JsonNode beside = value == null ? null : value.get(i);
        twinObject(
            each, property, at.of(type, property, i), scope, beside != null && !beside.isNull());
      } else if (!each.isNull()) {
        issues.add(
            "structure", at.of(type, property, i), "What stands beside a value is an object.");
      } else if (value == null || value.path(i).isMissingNode() || value.path(i).isNull()) {
        issues.add(
            "structure", at.of(type, property, i), "There is neither a value nor an extension.");
      }
    }
  }

  /**
   * @param valued whether there is a value beside it, so that an id alone is content enough
   */
  private void twinObject(JsonNode twin, Property property, At at, Scope scope, boolean valued) {
    if (property.content() instanceof Content.Simple(Primitive primitive)) {
      extensions.inPrimitive(primitive);
      object(twin, beside, at, scope, valued && Tree.has(twin, "id"));
      extensions.inPrimitive(null);
    }
  }
}
