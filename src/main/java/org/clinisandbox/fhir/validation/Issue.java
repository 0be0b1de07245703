package org.clinisandbox.fhir.validation;

/**
 * One thing that is wrong with a bundle. Nothing in it repeats a value of the bundle.
 *
 * @param entry index of the bundle's entry that it is in; -1 for the bundle itself
 * @param code FHIR's issue type
 * @param expression FHIRPath of the place
 * @param message for people
 */
public record Issue(int entry, String code, String expression, String message) {}
