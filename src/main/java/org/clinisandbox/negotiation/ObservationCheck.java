package org.clinisandbox.negotiation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.clinisandbox.fhir.ObservationFact;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.Series;
import org.jspecify.annotations.Nullable;

/**
 * Finds the value that counts for a requirement: the newest usable one, for good or ill; of a
 * series the newest ones that are far enough apart. Without a time, an observation is older than
 * any that has one; when it became available doesn't tell how old it is.
 */
final class ObservationCheck {
  /** How far clocks may be apart before a value counts as from the future. */
  static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  /** Statuses of what was never so. */
  static final Set<String> VOID = Set.of("entered-in-error", "cancelled");

  /** Codes of data-absent-reason that say that somebody was asked. */
  private static final Set<String> ASKED = Set.of("asked-unknown", "asked-declined");

  private static final Finding.Unmet MISSING =
      Finding.Unmet.missing("The bundle has no observation of this.");

  private static final Comparator<ObservationFact> OLDEST_FIRST =
      Comparator.comparing(
              ObservationFact::effective, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(ObservationFact::issued, Comparator.nullsFirst(Comparator.naturalOrder()));

  private final OfObservation requirement;
  private final ValueReader reader;

  ObservationCheck(OfObservation requirement) {
    this.requirement = requirement;
    this.reader = new ValueReader(requirement);
  }

  /** A usable observation and its value as the requirement wants it. */
  private record Candidate(ObservationFact fact, Reading reading) {
    /** Between twins, the one that can't be read counts; the rest only makes the choice stable. */
    static final Comparator<Candidate> NEWEST_FIRST =
        Comparator.comparing(Candidate::fact, OLDEST_FIRST.reversed())
            .thenComparing(candidate -> !(candidate.reading() instanceof Reading.Unreadable))
            .thenComparing(candidate -> candidate.fact().source())
            .thenComparing(candidate -> candidate.reading().toString());
  }

  /**
   * @param evidence with observations that have one of the requirement's codes
   */
  Finding find(Evidence evidence, Instant now) {
    if (evidence.observations().isEmpty()) {
      return MISSING;
    }
    List<ObservationFact> usable = new ArrayList<>(evidence.observations().size());
    List<ObservationFact> skipped = new ArrayList<>(0);
    for (ObservationFact fact : evidence.observations()) {
      (skipReason(fact) == null ? usable : skipped).add(fact);
    }
    boolean pending = skipped.stream().anyMatch(fact -> isPending(fact, now));
    if (usable.isEmpty()) {
      return nothingUsable(skipped, pending, now);
    }
    Series series = requirement.series();
    return series == null
        ? settle(Newest.of(usable, null), pending, now)
        : history(usable, series, pending, now);
  }

  /** Null when the observation is usable. */
  private @Nullable Reason skipReason(ObservationFact fact) {
    if (!requirement.statuses().contains(fact.status())) {
      return Reason.STATUS;
    }
    if (fact.value() instanceof Value.Absent) {
      return Reason.DATA_ABSENT;
    }
    return fact.subject() == Subject.OTHER ? Reason.WRONG_SUBJECT : null;
  }

  /** Whether it is a current value of the patient's that only waits to be final. */
  private boolean isPending(ObservationFact fact, Instant now) {
    return skipReason(fact) == Reason.STATUS
        && !VOID.contains(fact.status())
        && !(fact.value() instanceof Value.Absent)
        && fact.subject() != Subject.OTHER
        && !isStale(fact, now);
  }

  private boolean isStale(ObservationFact fact, Instant now) {
    Duration maxAge = requirement.maxAge();
    return maxAge != null
        && (fact.effective() == null || fact.effective().isBefore(now.minus(maxAge)));
  }

  static boolean isFuture(ObservationFact fact, Instant now) {
    Instant effective = fact.effective();
    return effective != null && effective.isAfter(now.plus(CLOCK_SKEW));
  }

  private Finding nothingUsable(List<ObservationFact> skipped, boolean pending, Instant now) {
    ObservationFact telling =
        skipped.stream()
            .min(
                Comparator.<ObservationFact, Reason>comparing(
                        fact -> Objects.requireNonNull(skipReason(fact)))
                    .thenComparing(OLDEST_FIRST.reversed())
                    .thenComparing(ObservationFact::status)
                    .thenComparing(ObservationFact::source)
                    .thenComparing(fact -> fact.value().toString()))
            .orElseThrow();
    Reason reason = Objects.requireNonNull(skipReason(telling));
    String detail = Details.skipped(reason, telling, requirement);
    if (wasAsked(telling) && !isStale(telling, now)) {
      return Finding.Unmet.asked(detail);
    }
    return pending ? Finding.Unmet.unread(reason, detail) : Finding.Unmet.silent(reason, detail);
  }

  /** Whether it says that somebody was asked for this and gave no answer. */
  static boolean wasAsked(ObservationFact fact) {
    return fact.value() instanceof Value.Absent(String reason)
        && reason != null
        && ASKED.contains(reason);
  }

  /** What observations of one second come to. */
  private Finding settle(List<ObservationFact> simultaneous, boolean pending, Instant now) {
    List<Candidate> candidates = new ArrayList<>(simultaneous.size());
    for (ObservationFact fact : simultaneous) {
      candidates.add(new Candidate(fact, reader.read(fact.value())));
    }
    candidates.sort(Candidate.NEWEST_FIRST);
    ObservationFact fact = candidates.getFirst().fact();
    if (Conflict.among(
        candidates.stream().map(Candidate::reading).toList(), requirement.tolerance())) {
      String detail = Details.conflict(Newest.second(fact));
      return isFuture(fact, now)
          ? Finding.Unmet.future(Reason.CONFLICT, detail)
          : Finding.Unmet.unread(Reason.CONFLICT, detail);
    }
    if (isFuture(fact, now)) {
      return Finding.Unmet.future(Reason.FUTURE, Details.future(fact));
    }
    if (isStale(fact, now)) {
      String detail = Details.stale(fact, requirement);
      return pending
          ? Finding.Unmet.unread(Reason.STALE, detail)
          : Finding.Unmet.silent(Reason.STALE, detail);
    }
    return switch (candidates.getFirst().reading()) {
      case Reading.Unreadable(Reason reason, String detail, boolean unknownCode) ->
          new Finding.Unmet(
              reason, Details.newest(fact) + " " + detail, unknownCode, true, true, List.of());
      case Reading.Numeric number -> plausible(fact, number);
      case Reading.Word(String word) -> met(fact, new Input.Value.Word(word), null, null);
    };
  }

  /** The newest values that stand far enough apart. */
  private Finding history(
      List<ObservationFact> usable, Series series, boolean pending, Instant now) {
    List<Input> chosen = new ArrayList<>(series.count());
    List<ObservationFact> next = Newest.of(usable, null);
    while (!next.isEmpty() && chosen.size() < series.count()) {
      switch (settle(next, pending, now)) {
        case Finding.Met(Input input) -> chosen.add(input);
        case Finding.Unmet unmet -> {
          return chosen.isEmpty() || unmet.reason() != Reason.STALE
              ? unmet
              : new Finding.Unmet(
                  Reason.STALE,
                  Details.tooFew(requirement, series, chosen.size()),
                  false,
                  unmet.unread(),
                  true,
                  List.of());
        }
      }
      Instant at = Newest.second(next.getFirst());
      next = at == null ? List.of() : Newest.of(usable, at.minus(apart(series)));
    }
    if (chosen.size() < series.count()) {
      String detail = Details.tooFew(requirement, series, chosen.size());
      return pending ? Finding.Unmet.unread(Reason.MISSING, detail) : Finding.Unmet.missing(detail);
    }
    // The series is as fresh as its oldest value.
    return new Finding.Met(
        chosen
            .getFirst()
            .withEarlier(chosen.subList(1, chosen.size()), chosen.getLast().expires()));
  }

  /** Values of one second are one value. */
  static Duration apart(Series series) {
    return series.spacing().isZero() ? Duration.ofSeconds(1) : series.spacing();
  }

  private Finding plausible(ObservationFact fact, Reading.Numeric read) {
    if (requirement.range() != null && !requirement.range().contains(read.number())) {
      return Finding.Unmet.unread(
          Reason.IMPLAUSIBLE, Details.implausible(fact, requirement.range(), read.unit()));
    }
    return met(fact, new Input.Value.Numeric(read.number()), read.unit(), read.convertedFrom());
  }

  private Finding met(
      ObservationFact fact,
      Input.Value value,
      @Nullable String unit,
      @Nullable String convertedFrom) {
    Instant effective = fact.effective();
    Duration maxAge = requirement.maxAge();
    return new Finding.Met(
        new Input(
            requirement.name(),
            value,
            unit,
            requirement.code(),
            fact.source(),
            effective,
            effective == null || maxAge == null ? null : effective.plus(maxAge),
            convertedFrom,
            List.of()));
  }
}
