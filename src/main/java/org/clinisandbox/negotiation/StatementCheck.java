package org.clinisandbox.negotiation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.clinisandbox.fhir.ObservationFact;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.fhir.StatementFact;
import org.clinisandbox.fhir.StatementFact.Standing;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfStatement;
import org.jspecify.annotations.Nullable;

/**
 * Whether a patient has a condition or takes a medicine. A statement that holds says yes. An
 * observation with one of the codes and the value true or false is what an answered question
 * becomes, and says the same; the newest counts. Only where neither speaks, a statement that is
 * past or denied says no.
 */
final class StatementCheck {
  private static final Comparator<StatementFact> NEWEST_STATEMENT =
      Comparator.comparing(
              StatementFact::effective,
              Comparator.nullsFirst(Comparator.<Instant>naturalOrder()).reversed())
          .thenComparing(StatementFact::source);

  private final OfStatement requirement;
  private final Finding.Unmet missing;

  StatementCheck(OfStatement requirement) {
    this.requirement = requirement;
    this.missing =
        Finding.Unmet.missing(
            switch (requirement.kind()) {
              case CONDITION -> "The bundle does not say whether the patient has this condition.";
              case MEDICATION -> "The bundle does not say whether the patient takes this medicine.";
            });
  }

  /**
   * @param evidence with facts that have one of the requirement's codes
   */
  Finding find(Evidence evidence, Instant now) {
    if (evidence.statements().isEmpty() && evidence.observations().isEmpty()) {
      return missing;
    }
    StatementFact holds = newest(evidence, Standing.HOLDS);
    List<ObservationFact> answers = answers(evidence);
    boolean yes = answers.stream().anyMatch(answer -> truth(answer));
    boolean no = answers.stream().anyMatch(answer -> !truth(answer));
    if ((yes || holds != null) && no) {
      return Finding.Unmet.unread(
          Reason.CONFLICT, "The bundle says both that it is so and that it is not.");
    }
    if (holds != null) {
      return met(true, holds.source(), holds.effective());
    }
    if (!answers.isEmpty()) {
      ObservationFact answer = answers.getFirst();
      return answer.effective() != null
              && answer.effective().isAfter(now.plus(ObservationCheck.CLOCK_SKEW))
          ? Finding.Unmet.unread(Reason.FUTURE, Details.future(answer.effective()))
          : met(yes, answer.source(), answer.effective());
    }
    if (newest(evidence, Standing.UNSURE) != null) {
      return Finding.Unmet.unread(Reason.STATUS, "The bundle names it, but not as certain.");
    }
    StatementFact over = newest(evidence, Standing.DENIED, Standing.PAST);
    return over == null ? silence(evidence) : met(false, over.source(), over.effective());
  }

  private static @Nullable StatementFact newest(Evidence evidence, Standing... standings) {
    return evidence.statements().stream()
        .filter(fact -> fact.subject() != Subject.OTHER)
        .filter(fact -> List.of(standings).contains(fact.standing()))
        .min(NEWEST_STATEMENT)
        .orElse(null);
  }

  /** The usable ones of the newest second; none may have a time. */
  private static List<ObservationFact> answers(Evidence evidence) {
    List<ObservationFact> usable = new ArrayList<>(1);
    for (ObservationFact fact : evidence.observations()) {
      if (fact.subject() != Subject.OTHER
          && OfObservation.USABLE.contains(fact.status())
          && fact.value() instanceof Value.Truth) {
        usable.add(fact);
      }
    }
    List<ObservationFact> newest =
        new ArrayList<>(usable.isEmpty() ? usable : Newest.of(usable, null));
    newest.sort(Comparator.comparing(ObservationFact::source));
    return newest;
  }

  private static boolean truth(ObservationFact answer) {
    return answer.value() instanceof Value.Truth(boolean truth) && truth;
  }

  /** Why facts that there are say nothing. */
  private Finding silence(Evidence evidence) {
    if (evidence.observations().stream()
        .anyMatch(fact -> fact.subject() != Subject.OTHER && ObservationCheck.wasAsked(fact))) {
      return Finding.Unmet.asked("It was asked for, and there is no answer.");
    }
    boolean ours = evidence.statements().stream().anyMatch(fact -> fact.subject() != Subject.OTHER);
    if (ours) {
      return Finding.Unmet.silent(
          Reason.STATUS, "What names it was cancelled or entered in error.");
    }
    return evidence.statements().isEmpty()
        ? missing
        : Finding.Unmet.silent(
            Reason.WRONG_SUBJECT, "What there is belongs to somebody other than the patient.");
  }

  private Finding met(boolean truth, String source, @Nullable Instant effective) {
    return new Finding.Met(
        new Input(
            requirement.name(),
            new Input.Value.Truth(truth),
            null,
            requirement.codes().getFirst().code(),
            source,
            effective,
            null,
            null,
            List.of()));
  }
}
