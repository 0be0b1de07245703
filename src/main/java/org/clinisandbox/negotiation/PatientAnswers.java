package org.clinisandbox.negotiation;

import java.util.List;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.PatientFact;
import org.jspecify.annotations.Nullable;

/**
 * Facts of the patient that were answered, over those on record.
 *
 * @param source where the answers stand, as {@code QuestionnaireResponse/q1}
 * @param birthDate a FHIR date; null when not answered
 * @param gender FHIR's administrative gender; null when not answered
 * @param race a word of {@link PatientFact#race}; null when not answered
 */
public record PatientAnswers(
    String source, @Nullable String birthDate, @Nullable String gender, @Nullable String race) {
  static final PatientAnswers NONE = new PatientAnswers("", null, null, null);

  private static final String GENDER = "http://hl7.org/fhir/administrative-gender";

  /** The Office of Management and Budget's categories, as US Core has them. */
  private static final String OMB = "urn:oid:2.16.840.1.113883.6.238";

  static final List<Coding> SEXES =
      List.of(
          new Coding(GENDER, "female", "Female"),
          new Coding(GENDER, "male", "Male"),
          new Coding(GENDER, "other", "Other"));

  static final List<Coding> RACES =
      List.of(
          new Coding(OMB, "1002-5", "American Indian or Alaska Native"),
          new Coding(OMB, "2028-9", "Asian"),
          new Coding(OMB, "2054-5", "Black or African American"),
          new Coding(OMB, "2076-8", "Native Hawaiian or Other Pacific Islander"),
          new Coding(OMB, "2106-3", "White"));

  /** These, and those of a later answer over them. */
  PatientAnswers then(PatientAnswers later) {
    return new PatientAnswers(
        later.equals(NONE) ? source : later.source(),
        later.birthDate() == null ? birthDate : later.birthDate(),
        later.gender() == null ? gender : later.gender(),
        later.race() == null ? race : later.race());
  }

  /** The patient on record with what was answered. */
  @Nullable PatientFact over(@Nullable PatientFact recorded) {
    if (birthDate == null && gender == null && race == null) {
      return recorded;
    }
    PatientFact base = recorded == null ? new PatientFact(source, null, null, null) : recorded;
    PatientFact.BirthDate born = birthDate == null ? null : PatientFact.BirthDate.parse(birthDate);
    return new PatientFact(
        base.source(),
        gender == null ? base.gender() : gender,
        born == null ? base.birthDate() : born,
        race == null ? base.race() : race);
  }
}
