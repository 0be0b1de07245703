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
 * past or denied says no. A current observation that can't be read, or only waits to be final, is
 * never silence: it may say yes.
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
    boolean no = answers.stream().anyMatch(answer -> says(answer, false));
    if (no && (holds != null || answers.stream().anyMatch(answer -> says(answer, true)))) {
      String detail = "The bundle says both that it is so and that it is not.";
      return ObservationCheck.isFuture(answers.getFirst(), now)
          ? Finding.Unmet.future(Reason.CONFLICT, detail)
          : Finding.Unmet.unread(Reason.CONFLICT, detail);
    }
    if (holds != null) {
      return met(true, holds.source(), holds.effective());
    }
    if (!answers.isEmpty()) {
      return answered(answers, now);
    }
    if (newest(evidence, Standing.UNSURE) != null
        || evidence.observations().stream().anyMatch(StatementCheck::isPending)) {
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
      if (isValue(fact) && OfObservation.USABLE.contains(fact.status())) {
        usable.add(fact);
      }
    }
    List<ObservationFact> newest =
        new ArrayList<>(usable.isEmpty() ? usable : Newest.of(usable, null));
    newest.sort(Comparator.comparing(ObservationFact::source));
    return newest;
  }

  private static boolean isValue(ObservationFact fact) {
    return fact.subject() != Subject.OTHER && !(fact.value() instanceof Value.Absent);
  }

  /** Whether it is an answer that only waits to be final. */
  private static boolean isPending(ObservationFact fact) {
    return isValue(fact)
        && !OfObservation.USABLE.contains(fact.status())
        && !ObservationCheck.VOID.contains(fact.status());
  }

  private static boolean says(ObservationFact answer, boolean what) {
    return answer.value() instanceof Value.Truth(boolean truth) && truth == what;
  }

  /** What answers of one second come to that don't contradict each other. */
  private Finding answered(List<ObservationFact> answers, Instant now) {
    ObservationFact answer = answers.getFirst();
    if (ObservationCheck.isFuture(answer, now)) {
      return Finding.Unmet.future(Reason.FUTURE, Details.future(answer));
    }
    return answers.stream().allMatch(each -> each.value() instanceof Value.Truth)
        ? met(says(answer, true), answer.source(), answer.effective())
        : Finding.Unmet.unread(
            Reason.NOT_A_NUMBER, Details.newest(answer) + " It is neither yes nor no.");
  }

  /** Why facts that there are say nothing. */
  private Finding silence(Evidence evidence) {
    List<ObservationFact> ours =
        evidence.observations().stream().filter(fact -> fact.subject() != Subject.OTHER).toList();
    if (ours.stream().anyMatch(ObservationCheck::wasAsked)) {
      return Finding.Unmet.asked("It was asked for, and there is no answer.");
    }
    if (newest(evidence, Standing.VOID) != null
        || ours.stream().anyMatch(fact -> !OfObservation.USABLE.contains(fact.status()))) {
      return Finding.Unmet.silent(
          Reason.STATUS, "What names it was cancelled or entered in error.");
    }
    return ours.isEmpty()
        ? Finding.Unmet.silent(
            Reason.WRONG_SUBJECT, "What there is belongs to somebody other than the patient.")
        : Finding.Unmet.silent(Reason.DATA_ABSENT, "What names it says that it has no value.");
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
