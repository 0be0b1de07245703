package org.clinisandbox.fhir;

import static java.util.Objects.requireNonNull;

/**
 * One invalid place in a bundle. Nothing in it repeats a value of the bundle.
 *
 * @param severity how bad
 * @param code FHIR's issue type, as {@code not-found}
 * @param expression FHIRPath of the place
 * @param message for people
 */
public record Finding(Severity severity, String code, String expression, String message) {
  /** The severities that reject. */
  public enum Severity {
    FATAL("fatal"),
    ERROR("error");

    private final String fhirCode;

    Severity(String fhirCode) {
      this.fhirCode = fhirCode;
    }

    /** FHIR's code for it. */
    public String fhirCode() {
      return fhirCode;
    }
  }

  public Finding {
    requireNonNull(severity);
    requireNonNull(code);
    requireNonNull(expression);
    requireNonNull(message);
  }
}
