package org.clinisandbox.fhir.path;

/** An expression that is not accepted. The message says what is wrong and at which column. */
public final class FhirPathException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int column;

  FhirPathException(int column, String what) {
    super("Column %d: %s".formatted(column, what));
    this.column = column;
  }

  /** Where it is, counted from 1 in UTF-16 units. */
  public int column() {
    return column;
  }
}
