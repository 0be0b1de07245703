package org.clinisandbox.negotiation;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.clinisandbox.fhir.ObservationFact;
import org.jspecify.annotations.Nullable;

/** Which observations are the newest, to the second. One without a time is older than any other. */
final class Newest {
  private Newest() {}

  /**
   * Those of the newest second.
   *
   * @param limit only those that have a time, and one up to this; null for all
   */
  static List<ObservationFact> of(List<ObservationFact> facts, @Nullable Instant limit) {
    List<ObservationFact> newest = new ArrayList<>(1);
    Instant second = null;
    for (ObservationFact fact : facts) {
      Instant its = second(fact);
      if (limit != null && (its == null || its.isAfter(limit))) {
        continue;
      }
      if (newest.isEmpty() || isAfter(its, second)) {
        newest.clear();
        newest.add(fact);
        second = its;
      } else if (Objects.equals(its, second)) {
        newest.add(fact);
      }
    }
    return newest;
  }

  private static boolean isAfter(@Nullable Instant one, @Nullable Instant other) {
    return one != null && (other == null || one.isAfter(other));
  }

  static @Nullable Instant second(ObservationFact fact) {
    Instant effective = fact.effective();
    return effective == null ? null : effective.truncatedTo(ChronoUnit.SECONDS);
  }
}
