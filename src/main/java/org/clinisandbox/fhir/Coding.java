package org.clinisandbox.fhir;

import org.jspecify.annotations.Nullable;

/** One code of a code system, as a FHIR Coding carries it. */
public record Coding(@Nullable String system, @Nullable String code, @Nullable String display) {
  /** The canonical address of LOINC. */
  public static final String LOINC = "http://loinc.org";

  /** The canonical address of UCUM. */
  public static final String UCUM = "http://unitsofmeasure.org";
}
