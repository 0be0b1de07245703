package org.clinisandbox.negotiation;

import java.util.Set;
import org.clinisandbox.fhir.Coding;
import tools.jackson.databind.node.ObjectNode;

/** FHIR R4's vital signs: which codes they are, and the category that they carry. */
final class VitalSigns {
  /** The codes of the profiles in FHIR R4, and that of saturation by pulse oximetry. */
  private static final Set<String> CODES =
      Set.of(
          "85353-1", "9279-1", "8867-4", "2708-6", "59408-5", "8310-5", "8302-2", "9843-4",
          "29463-7", "39156-5", "85354-9", "8480-6", "8462-4", "8478-0");

  private VitalSigns() {}

  static boolean has(String system, String code) {
    return Coding.LOINC.equals(system) && CODES.contains(code);
  }

  static void categorise(ObjectNode observation) {
    observation
        .putArray("category")
        .addObject()
        .putArray("coding")
        .addObject()
        .put("system", "http://terminology.hl7.org/CodeSystem/observation-category")
        .put("code", "vital-signs");
  }
}
