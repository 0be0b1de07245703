package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.ObservationFact;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.jspecify.annotations.Nullable;

/**
 * Finds the value that counts for a requirement: the newest usable one, for good or ill. Without a
 * time, an observation is older than any that has one; when it became available doesn't tell how
 * old it is.
 */
final class ObservationCheck {
  /** How far clocks may be apart before a value counts as from the future. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private static final Set<String> VOID = Set.of("entered-in-error", "cancelled");

  private static final Comparator<ObservationFact> OLDEST_FIRST =
      Comparator.comparing(
              ObservationFact::effective, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(ObservationFact::issued, Comparator.nullsFirst(Comparator.naturalOrder()));

  private final List<ObservationFact> observations;
  private final Instant now;

  ObservationCheck(List<ObservationFact> observations, Instant now) {
    this.observations = observations;
    this.now = now;
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

  Finding find(OfObservation requirement) {
    List<ObservationFact> usable = new ArrayList<>();
    List<ObservationFact> skipped = new ArrayList<>();
    for (ObservationFact fact : observations) {
      if (matches(fact, requirement)) {
        (skipReason(fact, requirement) == null ? usable : skipped).add(fact);
      }
    }
    boolean pending = skipped.stream().anyMatch(fact -> isPending(fact, requirement));
    return usable.isEmpty()
        ? nothingUsable(skipped, requirement, pending)
        : newest(usable, requirement, pending);
  }

  private static boolean matches(ObservationFact fact, OfObservation requirement) {
    for (Coding coding : fact.codes()) {
      if (requirement.system().equals(coding.system())
          && (requirement.code().equals(coding.code())
              || requirement.accepts().contains(coding.code()))) {
        return true;
      }
    }
    return false;
  }

  /** Null when the observation is usable. */
  private static @Nullable Reason skipReason(ObservationFact fact, OfObservation requirement) {
    if (!requirement.statuses().contains(fact.status())) {
      return Reason.STATUS;
    }
    if (fact.value() instanceof Value.Absent) {
      return Reason.DATA_ABSENT;
    }
    return fact.subject() == Subject.OTHER ? Reason.WRONG_SUBJECT : null;
  }

  /** Whether it is a current value of the patient's that only waits to be final. */
  private boolean isPending(ObservationFact fact, OfObservation requirement) {
    return skipReason(fact, requirement) == Reason.STATUS
        && !VOID.contains(fact.status())
        && !(fact.value() instanceof Value.Absent)
        && fact.subject() != Subject.OTHER
        && !isStale(fact, requirement);
  }

  private boolean isStale(ObservationFact fact, OfObservation requirement) {
    Duration maxAge = requirement.maxAge();
    return maxAge != null
        && (fact.effective() == null || fact.effective().isBefore(now.minus(maxAge)));
  }

  private static Finding nothingUsable(
      List<ObservationFact> skipped, OfObservation requirement, boolean pending) {
    ObservationFact telling =
        skipped.stream()
            .min(
                Comparator.<ObservationFact, Reason>comparing(
                        fact -> Objects.requireNonNull(skipReason(fact, requirement)))
                    .thenComparing(OLDEST_FIRST.reversed())
                    .thenComparing(ObservationFact::status)
                    .thenComparing(ObservationFact::source))
            .orElse(null);
    if (telling == null) {
      return new Finding.Unmet(
          Reason.MISSING, "The bundle has no observation of this.", false, false);
    }
    Reason reason = Objects.requireNonNull(skipReason(telling, requirement));
    return new Finding.Unmet(reason, Details.skipped(reason, telling, requirement), false, pending);
  }

  private Finding newest(List<ObservationFact> usable, OfObservation requirement, boolean pending) {
    ValueReader reader = new ValueReader(requirement);
    Instant second = second(usable.stream().max(OLDEST_FIRST).orElseThrow());
    List<Candidate> newest =
        usable.stream()
            .filter(fact -> Objects.equals(second(fact), second))
            .map(fact -> new Candidate(fact, reader.read(fact.value())))
            .sorted(Candidate.NEWEST_FIRST)
            .toList();
    ObservationFact fact = newest.getFirst().fact();
    if (differ(newest, requirement.tolerance())) {
      return unmet(Reason.CONFLICT, Details.conflict(second), true);
    }
    if (fact.effective() != null && fact.effective().isAfter(now.plus(CLOCK_SKEW))) {
      return unmet(Reason.FUTURE, Details.future(fact.effective()), true);
    }
    if (isStale(fact, requirement)) {
      return unmet(Reason.STALE, Details.stale(fact, requirement), pending);
    }
    return switch (newest.getFirst().reading()) {
      case Reading.Unreadable(Reason reason, String detail, boolean unknownCode) ->
          new Finding.Unmet(reason, Details.newest(fact) + " " + detail, unknownCode, true);
      case Reading.Numeric number -> plausible(fact, number, requirement);
      case Reading.Word(String word) ->
          met(fact, requirement, new Input.Value.Word(word), null, null);
    };
  }

  private static Finding plausible(
      ObservationFact fact, Reading.Numeric read, OfObservation requirement) {
    if (requirement.range() != null && !requirement.range().contains(read.number())) {
      return unmet(
          Reason.IMPLAUSIBLE, Details.implausible(fact, requirement.range(), read.unit()), true);
    }
    return met(
        fact,
        requirement,
        new Input.Value.Numeric(read.number()),
        read.unit(),
        read.convertedFrom());
  }

  private static Finding met(
      ObservationFact fact,
      OfObservation requirement,
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
            convertedFrom));
  }

  private static Finding unmet(Reason reason, String detail, boolean unread) {
    return new Finding.Unmet(reason, detail, false, unread);
  }

  private static @Nullable Instant second(ObservationFact fact) {
    Instant effective = fact.effective();
    return effective == null ? null : effective.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Whether readable values of one second contradict each other. */
  private static boolean differ(List<Candidate> candidates, BigDecimal tolerance) {
    List<Reading> readings =
        candidates.stream()
            .map(Candidate::reading)
            .filter(reading -> !(reading instanceof Reading.Unreadable))
            .toList();
    if (readings.stream().filter(Reading.Word.class::isInstance).distinct().count() > 1) {
      return true;
    }
    List<Reading.Numeric> numbers =
        readings.stream()
            .filter(Reading.Numeric.class::isInstance)
            .map(Reading.Numeric.class::cast)
            .toList();
    List<BigDecimal> comparable = inOneUnit(numbers);
    return comparable.size() < numbers.size()
        || (!comparable.isEmpty()
            && comparable.stream()
                    .max(Comparator.naturalOrder())
                    .orElseThrow()
                    .subtract(comparable.stream().min(Comparator.naturalOrder()).orElseThrow())
                    .compareTo(tolerance)
                > 0);
  }

  /** The numbers in the unit of the first; those that can't be turned into it are left out. */
  private static List<BigDecimal> inOneUnit(List<Reading.Numeric> numbers) {
    List<BigDecimal> comparable = new ArrayList<>();
    for (Reading.Numeric each : numbers) {
      String from = each.unit();
      String to = numbers.getFirst().unit();
      BigDecimal number =
          from == null || to == null
              ? (Objects.equals(from, to) ? each.number() : null)
              : Units.convert(each.number(), from, to, null);
      if (number != null) {
        comparable.add(number);
      }
    }
    return comparable;
  }
}
