package org.clinisandbox.fhir.validation;

import org.jspecify.annotations.Nullable;

/**
 * Where a walk is: written out only for a finding.
 *
 * @param parent null at the root
 * @param owner the type that has this as an element; null at the root
 * @param index in the array; -1 outside of one
 */
record At(
    @Nullable At parent, @Nullable Type owner, String name, @Nullable String chosen, int index) {
  static At root(String name) {
    return new At(null, null, name, null, -1);
  }

  At of(Type owner, Property property, int index) {
    return new At(this, owner, property.element().name(), property.chosen(), index);
  }

  At named(String name) {
    return named(name, -1);
  }

  At named(String name, int index) {
    return new At(this, null, name, null, index);
  }

  /** The element of a choice that has this type. */
  At chosen(String name, String type) {
    return new At(this, null, name, type, -1);
  }

  /** The FHIRPath of this place. */
  String expression() {
    StringBuilder path = new StringBuilder();
    write(path);
    return path.toString();
  }

  private void write(StringBuilder path) {
    if (parent != null) {
      parent.write(path);
      path.append('.');
    }
    path.append(name);
    if (chosen != null) {
      path.append(".ofType(").append(chosen).append(')');
    }
    if (index >= 0) {
      path.append('[').append(index).append(']');
    }
  }
}
