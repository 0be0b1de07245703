package org.clinisandbox.negotiation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.clinisandbox.fhir.ObservationFact;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.jspecify.annotations.Nullable;

/**
 * Sentences about observations that can't be used. They hold times, limits and words of FHIR's own
 * code lists, never a text of the bundle.
 */
final class Details {
  private static final Set<String> STATUSES =
      Set.of(
          "registered",
          "preliminary",
          "final",
          "amended",
          "corrected",
          "cancelled",
          "entered-in-error",
          "unknown");
  private static final Set<String> ABSENT_REASONS =
      Set.of(
          "unknown",
          "asked-unknown",
          "temp-unknown",
          "not-asked",
          "asked-declined",
          "masked",
          "not-applicable",
          "unsupported",
          "as-text",
          "error",
          "not-a-number",
          "negative-infinity",
          "positive-infinity",
          "not-performed",
          "not-permitted");

  private Details() {}

  static String skipped(Reason reason, ObservationFact fact, OfObservation requirement) {
    if (reason == Reason.STATUS) {
      return status(fact, requirement);
    }
    return reason == Reason.DATA_ABSENT
        ? newest(fact) + " It says that it has no value" + why(fact.value()) + "."
        : "What there is belongs to somebody other than the patient.";
  }

  private static String status(ObservationFact fact, OfObservation requirement) {
    List<String> usable = requirement.statuses().stream().sorted().toList();
    return newest(fact)
        + " Its status is "
        + (STATUSES.contains(fact.status()) ? fact.status() : "another")
        + "; it must be "
        + Texts.or(usable)
        + ".";
  }

  private static String why(Value value) {
    return value instanceof Value.Absent(String reason)
            && reason != null
            && ABSENT_REASONS.contains(reason)
        ? " (" + reason + ")"
        : "";
  }

  static String conflict(@Nullable Instant second) {
    return "Different values are recorded "
        + (second == null ? "without a time." : "for " + second + ".");
  }

  static String future(ObservationFact fact) {
    return newest(fact).replaceFirst("\\.$", ", ")
        + "which is still to come; send it with its right time, or again then.";
  }

  static String stale(ObservationFact fact, OfObservation requirement) {
    Duration maxAge = requirement.maxAge();
    return newest(fact).replaceFirst("\\.$", "; ")
        + "it must be at most "
        + (maxAge == null ? "" : Texts.duration(maxAge))
        + " old.";
  }

  static String implausible(ObservationFact fact, Requirement.Range range, @Nullable String unit) {
    return newest(fact)
        + " It is outside the plausible range: "
        + Texts.range(range)
        + Texts.inUnit(unit)
        + ".";
  }

  static String tooFew(OfObservation requirement, Requirement.Series series, int usable) {
    Duration maxAge = requirement.maxAge();
    return "The model needs "
        + series.count()
        + " values"
        + (series.spacing().isZero()
            ? " of different times"
            : " at least " + Texts.duration(series.spacing()) + " apart")
        + (maxAge == null ? "" : ", none older than " + Texts.duration(maxAge))
        + "; there "
        + (usable == 1 ? "is 1." : "are " + usable + ".");
  }

  static String noneOf(List<Gap> options) {
    return "One of these is needed: "
        + Texts.or(
            options.stream().map(gap -> gap.name() + " (" + gap.reason().label() + ")").toList())
        + ".";
  }

  /**
   * @param found what the record itself says
   */
  static String answered(Unanswered reply, String found) {
    return switch (reply) {
      case NOT_KNOWN -> "It was asked for and is not known.";
      case DECLINED -> "It was asked for, and the answer was declined.";
      case WRONG_SUBJECT -> "What was answered belongs to somebody other than the patient.";
      case TOO_OFTEN -> found + " It was asked for often enough.";
    };
  }

  /** When the newest value is from. */
  static String newest(ObservationFact fact) {
    return fact.effective() == null
        ? "Newest value has no time."
        : "Newest value is from " + fact.effective() + ".";
  }
}
