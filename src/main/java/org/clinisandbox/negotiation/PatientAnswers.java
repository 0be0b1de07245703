package org.clinisandbox.negotiation;

import java.util.List;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.PatientFact;
import org.clinisandbox.registry.Requirement.OfPatient.Item;
import org.jspecify.annotations.Nullable;

/**
 * Facts of the patient that were answered, over those on record; null where nothing was answered.
 *
 * @param birthDate a FHIR date
 * @param gender FHIR's administrative gender
 * @param race a word of {@link PatientFact#race}
 */
public record PatientAnswers(@Nullable Told birthDate, @Nullable Told gender, @Nullable Told race) {
  static final PatientAnswers NONE = new PatientAnswers(null, null, null);

  /**
   * One fact.
   *
   * @param source the response that it stands in, as {@code QuestionnaireResponse/q1}; its fullUrl
   *     when it has no id
   */
  public record Told(String word, String source) {}

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
        later.birthDate() == null ? birthDate : later.birthDate(),
        later.gender() == null ? gender : later.gender(),
        later.race() == null ? race : later.race());
  }

  /** The patient on record with what was answered. */
  @Nullable PatientFact over(@Nullable PatientFact recorded) {
    if (equals(NONE)) {
      return recorded;
    }
    PatientFact base = recorded == null ? new PatientFact("", null, null, null) : recorded;
    PatientFact.BirthDate born =
        birthDate == null ? null : PatientFact.BirthDate.parse(birthDate.word());
    return new PatientFact(
        base.source(),
        gender == null ? base.gender() : gender.word(),
        born == null ? base.birthDate() : born,
        race == null ? base.race() : race.word());
  }

  /** A verdict on the patient that {@link #over} gives, with the source of each fact. */
  Verdict credit(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Ready(List<Input> inputs, List<Gap> gaps) ->
          new Verdict.Ready(credit(inputs), gaps);
      case Verdict.DataRequired(List<Gap> gaps, List<Input> satisfied, int required) ->
          new Verdict.DataRequired(gaps, credit(satisfied), required);
      case Verdict.NotApplicable not -> not;
    };
  }

  private List<Input> credit(List<Input> inputs) {
    return inputs.stream().map(this::credit).toList();
  }

  private Input credit(Input input) {
    Told told = input.code() == null ? told(input.name()) : null;
    return told == null ? input : input.withSource(told.source());
  }

  private @Nullable Told told(String name) {
    for (Item item : Item.values()) {
      if (item.label().equals(name)) {
        return switch (item) {
          case AGE -> birthDate;
          case SEX -> gender;
          case RACE -> race;
        };
      }
    }
    return null;
  }
}
