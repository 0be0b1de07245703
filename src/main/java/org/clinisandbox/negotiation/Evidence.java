package org.clinisandbox.negotiation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.ObservationFact;
import org.clinisandbox.fhir.StatementFact;
import org.jspecify.annotations.Nullable;

/**
 * The facts that speak to one requirement.
 *
 * @param observations those with one of its codes
 * @param statements those with one of its codes and of its kind
 */
record Evidence(List<ObservationFact> observations, List<StatementFact> statements) {
  private static final Evidence NONE = new Evidence(List.of(), List.of());

  /**
   * A record's facts by their codes. Each coding is looked up once, however many requirements and
   * models are weighed on the record.
   */
  static final class ByCode {
    private final Map<String, Found> byCode = new HashMap<>();

    /** What has one coding; those of the same code in another system follow. */
    private static final class Found {
      private final @Nullable String system;
      private final @Nullable Found next;
      private final Evidence evidence = new Evidence(new ArrayList<>(2), new ArrayList<>(0));

      Found(@Nullable String system, @Nullable Found next) {
        this.system = system;
        this.next = next;
      }
    }

    /**
     * @param wanted the codes, of whatever system, that are of interest
     */
    ByCode(Facts facts, Set<String> wanted) {
      for (ObservationFact fact : facts.observations()) {
        for (Coding coding : fact.codes()) {
          if (wanted.contains(coding.code())) {
            at(coding).evidence.observations.add(fact);
          }
        }
      }
      for (StatementFact fact : facts.statements()) {
        for (Coding coding : fact.codes()) {
          if (wanted.contains(coding.code())) {
            at(coding).evidence.statements.add(fact);
          }
        }
      }
    }

    private Found at(Coding coding) {
      Found found = find(coding);
      if (found == null) {
        String code = String.valueOf(coding.code());
        found = new Found(coding.system(), byCode.get(code));
        byCode.put(code, found);
      }
      return found;
    }

    private @Nullable Found find(Coding coding) {
      Found found = byCode.get(coding.code());
      while (found != null && !Objects.equals(found.system, coding.system())) {
        found = found.next;
      }
      return found;
    }

    /**
     * What speaks to a requirement.
     *
     * @param kind of the statements; null when none are asked for
     */
    Evidence of(List<Coding> codes, StatementFact.@Nullable Kind kind) {
      Evidence all = null;
      for (Coding coding : codes) {
        Found found = find(coding);
        if (found != null) {
          all = all == null ? found.evidence : all.and(found.evidence);
        }
      }
      if (all == null) {
        return NONE;
      }
      return all.statements.isEmpty()
          ? all
          : new Evidence(
              all.observations,
              all.statements.stream().filter(fact -> fact.kind() == kind).toList());
    }
  }

  private Evidence and(Evidence other) {
    return new Evidence(
        union(observations, other.observations), union(statements, other.statements));
  }

  /** Each fact once, though it may have several of the codes. */
  private static <T> List<T> union(List<T> one, List<T> other) {
    Set<T> union = new LinkedHashSet<>(one);
    union.addAll(other);
    return List.copyOf(union);
  }
}
