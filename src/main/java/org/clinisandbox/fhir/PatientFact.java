package org.clinisandbox.fhir;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The patient a bundle is about.
 *
 * @param source where it stands, as {@code Patient/p1}, or the entry's place when it has no id
 * @param gender FHIR's administrative gender: male, female, other or unknown; null when not given
 * @param birthDate null when not given
 * @param race from US Core's extension, as one of {@code american-indian}, {@code asian}, {@code
 *     black}, {@code pacific-islander}, {@code white} and {@code multiple}; null when not given
 */
public record PatientFact(
    String source, @Nullable String gender, @Nullable BirthDate birthDate, @Nullable String race) {

  private static final String OMB = "urn:oid:2.16.840.1.113883.6.238";

  /** The word for a category of the US Office of Management and Budget; null for anything else. */
  public static @Nullable String raceOf(@Nullable String system, @Nullable String code) {
    return !OMB.equals(system)
        ? null
        : switch (code) {
          case "1002-5" -> "american-indian";
          case "2028-9" -> "asian";
          case "2054-5" -> "black";
          case "2076-8" -> "pacific-islander";
          case "2106-3" -> "white";
          case null, default -> null;
        };
  }

  /**
   * A FHIR date of birth, which may name only a year or a month.
   *
   * @param earliest the first day it can mean
   * @param latest the last day it can mean; equal to {@code earliest} for a full date
   */
  public record BirthDate(LocalDate earliest, LocalDate latest) {
    /** The days a FHIR date can mean; null when it is none. */
    public static @Nullable BirthDate parse(String text) {
      return FhirTime.date(text);
    }
  }
}
