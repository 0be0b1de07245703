package org.clinisandbox.fhir;

/**
 * How much JSON one body may hold.
 *
 * @param depth objects and arrays inside one another
 * @param entries elements of the bundle's {@code entry} array
 * @param stringLength UTF-16 units of one string or property name
 */
public record JsonLimits(int depth, int entries, int stringLength) {
  /** The contract's limits: 64 levels, 20 000 entries, 4 MiB a string. */
  public static final JsonLimits DEFAULT = new JsonLimits(64, 20_000, 4 * 1024 * 1024);

  public JsonLimits {
    if (depth < 1 || entries < 0 || stringLength < 1) {
      throw new IllegalArgumentException("JSON limits must be positive");
    }
  }
}
