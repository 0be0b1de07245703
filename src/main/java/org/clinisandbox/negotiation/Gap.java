package org.clinisandbox.negotiation;

import java.util.List;
import java.util.Locale;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;
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
 * @param askable whether to put it to a person: an answer could help, and none was refused before
 * @param options of a group: the gaps of which closing one will do; empty for the others
 */
public record Gap(
    Requirement requirement,
    Reason reason,
    String detail,
    boolean mandatory,
    boolean unknownCode,
    boolean askable,
    List<Gap> options) {
  public Gap {
    options = List.copyOf(options);
  }

  /** What a gap is about. */
  public enum Kind {
    OBSERVATION,
    PATIENT,
    CONDITION,
    MEDICATION,
    GROUP,
    RULE;

    /** The name in JSON. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Kind kind() {
    return switch (requirement) {
      case OfObservation o -> Kind.OBSERVATION;
      case OfPatient p -> Kind.PATIENT;
      case OfStatement statement ->
          switch (statement.kind()) {
            case CONDITION -> Kind.CONDITION;
            case MEDICATION -> Kind.MEDICATION;
          };
      case OfGroup g -> Kind.GROUP;
      case OfRule r -> Kind.RULE;
    };
  }

  public String name() {
    return requirement.name();
  }

  /** The code system of {@link #code}; null when there is no code. */
  public @Nullable String system() {
    return switch (requirement) {
      case OfObservation observation -> observation.system();
      case OfStatement statement -> statement.codes().getFirst().system();
      case OfPatient p -> null;
      case OfGroup g -> null;
      case OfRule r -> null;
    };
  }

  /** The preferred code; null when the requirement has none. */
  public @Nullable String code() {
    return switch (requirement) {
      case OfObservation observation -> observation.code();
      case OfStatement statement -> statement.codes().getFirst().code();
      case OfPatient p -> null;
      case OfGroup g -> null;
      case OfRule r -> null;
    };
  }

  /** Further codes that mean the same, of whatever system. */
  public List<String> accepts() {
    return switch (requirement) {
      case OfObservation observation -> observation.accepts();
      case OfStatement statement ->
          statement.codes().stream()
              .skip(1)
              .map(coding -> String.valueOf(coding.code()))
              .distinct()
              .toList();
      case OfPatient p -> List.of();
      case OfGroup g -> List.of();
      case OfRule r -> List.of();
    };
  }

  /** The UCUM unit that the model wants; null when it wants none. */
  public @Nullable String unit() {
    return requirement instanceof OfObservation observation ? observation.unit() : null;
  }

  /** The question, in the language that these ranges like best; null when nobody is to be asked. */
  public @Nullable String ask(List<Locale.LanguageRange> languages) {
    return askable ? Questions.ask(requirement, languages) : null;
  }
}
