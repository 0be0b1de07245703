package org.clinisandbox.fhir.validation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource, a datatype, or a part of one, as R4 defines it: which properties it has in JSON and
 * which rules hold for it. Types refer to one another, so one is made first and filled then; after
 * that it does not change.
 */
final class Type {
  private final String name;
  private final boolean isResource;
  private final boolean isAbstract;
  private final @Nullable String base;
  private final Map<String, Property> properties = new HashMap<>();
  private List<Element> elements = List.of();
  private List<Rule> rules = List.of();
  private long required;

  Type(String name, boolean isResource, boolean isAbstract, @Nullable String base) {
    this.name = name;
    this.isResource = isResource;
    this.isAbstract = isAbstract;
    this.base = base;
  }

  /** Called once, when all types are there. */
  void fill(List<Element> elements, List<Property> properties, List<Rule> rules) {
    if (elements.size() > Long.SIZE) {
      throw new IllegalArgumentException(name + " has more elements than a walk can tell apart");
    }
    this.elements = List.copyOf(elements);
    this.rules = List.copyOf(rules);
    properties.forEach(property -> this.properties.put(property.name(), property));
    for (Element element : elements) {
      if (element.min() > 0) {
        required |= 1L << element.index();
      }
    }
  }

  /** As {@code Patient} or {@code Patient.contact}. */
  String name() {
    return name;
  }

  boolean isResource() {
    return isResource;
  }

  boolean isAbstract() {
    return isAbstract;
  }

  /** What it specializes; null for the roots. */
  @Nullable String base() {
    return base;
  }

  List<Element> elements() {
    return elements;
  }

  List<Rule> rules() {
    return rules;
  }

  /** The property of this name in JSON; null when there is none. */
  @Nullable Property property(String name) {
    return properties.get(name);
  }

  /** A bit for each element that must be there, at its index. */
  long required() {
    return required;
  }

  @Override
  public String toString() {
    return name;
  }
}
