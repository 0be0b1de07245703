package org.clinisandbox.fhir.validation;

import tools.jackson.databind.JsonNode;

/** What an Identifier means by its system. */
final class Identifiers {
  private static final String URI = "urn:ietf:rfc:3986";

  private Identifiers() {}

  static void check(JsonNode identifier, At at, Issues issues) {
    String system = Tree.text(identifier, "system");
    if (system == null) {
      return;
    }
    if (!Uris.isAbsolute(system)) {
      issues.add("value", at.named("system"), "The system of an identifier is an absolute URI.");
    }
    String value = Tree.text(identifier, "value");
    if (system.equals(URI) && value != null && !Uris.isAbsolute(value)) {
      issues.add("value", at.named("value"), "By its system, this identifier is an absolute URI.");
    }
  }
}
