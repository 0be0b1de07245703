package org.clinisandbox.fhir.validation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An element of a type.
 *
 * @param index its place among the type's elements
 * @param name without the {@code [x]} of a choice
 * @param choice whether its JSON name has a type appended
 * @param min how often it must be there
 * @param max how often it may be there
 * @param binding the codes that it must be one of; null when it is bound to none
 * @param rules those that hold here and not wherever its type is used
 */
record Element(
    int index,
    String name,
    boolean choice,
    int min,
    int max,
    @Nullable Codes binding,
    List<Rule> rules) {
  Element {
    rules = List.copyOf(rules);
  }

  /** Whether JSON has an array for it. */
  boolean repeats() {
    return max > 1;
  }
}
