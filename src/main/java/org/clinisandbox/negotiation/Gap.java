package org.clinisandbox.negotiation;

import java.util.List;
import java.util.Locale;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.jspecify.annotations.Nullable;

/**
 * One requirement that a bundle does not meet.
 *
 * @param reason why, the first that fits
 * @param detail the same in a sentence with times and limits; free of the bundle's own words
 * @param mandatory whether the model can't run before this is answered. An optional requirement
 *     becomes mandatory when its value exists but can't be read: {@link Negotiator} says why
 * @param unknownCode whether its unit or its answer is one that nobody here knows, rather than one
 *     that does not fit
 * @param ask the question to put to a person; null when no answer could help
 */
public record Gap(
    Requirement requirement,
    Reason reason,
    String detail,
    boolean mandatory,
    boolean unknownCode,
    @Nullable String ask) {

  /** What a gap is about. */
  public enum Kind {
    OBSERVATION,
    PATIENT;

    /** The name in JSON. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Kind kind() {
    return switch (requirement) {
      case OfObservation o -> Kind.OBSERVATION;
      case OfPatient p -> Kind.PATIENT;
    };
  }

  public String name() {
    return requirement.name();
  }

  /** The code system of {@link #code}; null when there is no code. */
  public @Nullable String system() {
    return switch (requirement) {
      case OfObservation observation -> observation.system();
      case OfPatient p -> null;
    };
  }

  /** The preferred code; null when the requirement has none. */
  public @Nullable String code() {
    return switch (requirement) {
      case OfObservation observation -> observation.code();
      case OfPatient p -> null;
    };
  }

  public String display() {
    return switch (requirement) {
      case OfObservation observation -> observation.display();
      case OfPatient(OfPatient.Item item) ->
          switch (item) {
            case AGE -> "Date of birth";
            case SEX -> "Sex";
          };
    };
  }

  /** Further codes that mean the same. */
  public List<String> accepts() {
    return switch (requirement) {
      case OfObservation observation -> observation.accepts();
      case OfPatient p -> List.of();
    };
  }

  /** The UCUM unit that the model wants; null when it wants none. */
  public @Nullable String unit() {
    return switch (requirement) {
      case OfObservation observation -> observation.unit();
      case OfPatient p -> null;
    };
  }

  public Requirement.AnsweredBy answeredBy() {
    return switch (requirement) {
      case OfObservation observation -> observation.answeredBy();
      case OfPatient p -> Requirement.AnsweredBy.PATIENT;
    };
  }
}
