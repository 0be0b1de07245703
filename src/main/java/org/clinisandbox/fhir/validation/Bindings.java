package org.clinisandbox.fhir.validation;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Holds codes against the lists that bind them. */
final class Bindings {
  private static final String NOT_IN =
      "The code is not in the code system or value set that is required here.";
  private static final String ABSOLUTE = "The system of a code is an absolute URI.";
  private static final String NO_SUCH_CODE = "There is no such code in its code system.";

  private final R4 r4;
  private final Issues issues;

  Bindings(R4 r4, Issues issues) {
    this.r4 = r4;
    this.issues = issues;
  }

  void primitive(Property property, JsonNode value, Type type, At at, int index) {
    Codes codes = property.element().binding();
    if (codes != null && value.isString() && !codes.contains(value.stringValue())) {
      issues.add("code-invalid", at.of(type, property, index), NOT_IN);
    }
  }

  void complex(Property property, Type type, JsonNode value, At at) {
    Codes codes = property.element().binding();
    switch (type.name()) {
      case "CodeableConcept" -> {
        if (codes != null) {
          held(codes, value, at);
        }
      }
      case "Coding" -> {
        known(value, at);
        if (codes != null) {
          held(codes, value, at);
        }
      }
      case "Quantity", "Age", "Count", "Distance", "Duration" -> unit(value, at);
      default -> {}
    }
  }

  /** Whatever has to be one of these codes, by its shape. */
  void held(Codes codes, JsonNode value, At at) {
    boolean good = value.isString() ? codes.contains(value.stringValue()) : isIn(codes, value);
    JsonNode codings = value.get("coding");
    if (codings != null) {
      for (JsonNode coding : codings) {
        good |= isIn(codes, coding);
      }
    }
    if (!good) {
      issues.add("code-invalid", at, NOT_IN);
    }
  }

  private static boolean isIn(Codes codes, JsonNode coding) {
    String code = Tree.text(coding, "code");
    return code != null && codes.contains(Tree.text(coding, "system"), code);
  }

  /**
   * The quantity that an observation, or a component of one, has as its value: of what is measured
   * it has the dimension.
   */
  void measured(JsonNode observation, At at) {
    JsonNode quantity = observation.get("valueQuantity");
    String unit = quantity == null ? null : Tree.text(quantity, "code");
    if (unit == null || !Codes.UCUM.equals(Tree.text(quantity, "system"))) {
      return;
    }
    for (JsonNode coding : observation.path("code").path("coding")) {
      String code = Tree.text(coding, "code");
      if (code != null && Codes.LOINC.equals(Tree.text(coding, "system"))) {
        String wrong = Dimensions.wrong(code, unit);
        if (wrong != null) {
          issues.add("value", at.chosen("value", "Quantity").named("code"), wrong);
          return;
        }
      }
    }
  }

  /** A code of a system that HL7 lists whole must be in that list. */
  private void known(JsonNode coding, At at) {
    String system = Tree.text(coding, "system");
    String code = Tree.text(coding, "code");
    if (system == null) {
      return;
    }
    boolean alone = at.owner() == null || !at.owner().name().equals("CodeableConcept");
    if (alone && !Uris.isAbsolute(system)) {
      issues.add("value", at.named("system"), ABSOLUTE);
    }
    @Nullable Set<String> codes = r4.codeSystem(system);
    boolean wrong =
        code == null
            ? codes != null && !alone
            : codes != null
                ? !codes.contains(code)
                : system.equals(Codes.LOINC) && !Loinc.isWellFormed(code);
    if (wrong) {
      issues.add("code-invalid", at, NO_SUCH_CODE);
    }
  }

  private void unit(JsonNode quantity, At at) {
    String code = Tree.text(quantity, "code");
    String system = Tree.text(quantity, "system");
    if (system != null && !Uris.isAbsolute(system)) {
      issues.add("value", at.named("system"), ABSOLUTE);
    }
    if (code == null || system == null) {
      return;
    }
    @Nullable Set<String> codes = r4.codeSystem(system);
    if (system.equals(Codes.UCUM) && !Ucum.isValid(code)) {
      issues.add("code-invalid", at, "The code is no unit of UCUM.");
    } else if (codes != null && !codes.contains(code)) {
      issues.add("code-invalid", at, NO_SUCH_CODE);
    }
  }
}
