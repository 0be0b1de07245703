package org.clinisandbox.fhir.validation;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A property that an object may have in JSON: an element with one of its types.
 *
 * @param name as in JSON: {@code valueQuantity}
 * @param simple whether it is a quantity without comparator
 * @param targets the resources that a reference may lead to; empty when it may lead anywhere
 */
record Property(
    String name, Element element, Content content, Set<String> targets, boolean simple) {
  Property {
    targets = Set.copyOf(targets);
  }

  /** What it holds. */
  sealed interface Content {
    record Simple(Primitive primitive) implements Content {}

    /** The XHTML of a narrative. */
    record Xhtml() implements Content {}

    record Complex(Type type) implements Content {}

    /** A resource of whatever type. */
    record AnyResource() implements Content {}
  }

  /** The type that a choice has here; null when it is no choice. */
  @Nullable String chosen() {
    return !element.choice()
        ? null
        : switch (content) {
          case Content.Simple(Primitive primitive) -> primitive.fhirName();
          case Content.Complex(Type type) -> type.name();
          case Content.Xhtml _, Content.AnyResource _ -> null;
        };
  }
}
