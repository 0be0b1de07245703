package org.clinisandbox.fhir;

import tools.jackson.databind.JsonNode;

/**
 * A resource that facts are read from: an entry's own, or one that it contains.
 *
 * @param contained index among the contained ones; -1 when it is the entry's own
 */
record Located(Entry entry, int contained, Kind kind, JsonNode resource) {
  /** The resource types that facts are read from. */
  enum Kind {
    OBSERVATION,
    CONDITION,
    MEDICATION_STATEMENT,
    MEDICATION_REQUEST
  }

  /** Where it stands in the bundle. */
  String place() {
    return contained < 0 ? entry.place() : entry.place() + ".contained[" + contained + "]";
  }

  /** {@code Type/id}, or {@code Type/id#id} of a contained one; its place without such ids. */
  String source() {
    String name = Entry.name(entry.resource());
    if (name == null || contained < 0) {
      return name == null ? place() : name;
    }
    String id = Nodes.text(resource, "id");
    return id == null ? place() : name + "#" + id;
  }
}
