package org.clinisandbox.fhir.validation;

import tools.jackson.databind.JsonNode;

/**
 * An invariant of R4.
 *
 * @param key HL7's short name for it, as {@code qty-3}
 * @param human what it says, in HL7's words
 */
record Rule(String key, String human, Test test) {
  /** Whether it holds. */
  interface Test {
    /**
     * Whether the rule holds for an element.
     *
     * @param element what the rule is about, which may be a primitive's value
     * @param type of the element
     * @param scope the resource that it is in
     */
    boolean holds(JsonNode element, String type, Scope scope);
  }

  boolean holds(JsonNode element, String type, Scope scope) {
    return test.holds(element, type, scope);
  }
}
