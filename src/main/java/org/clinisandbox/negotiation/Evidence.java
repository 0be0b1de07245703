package org.clinisandbox.negotiation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
    private final Map<Code, List<ObservationFact>> observations = new HashMap<>();
    private final Map<Code, List<StatementFact>> statements = new HashMap<>();

    private record Code(@Nullable String system, @Nullable String code) {
      static Code of(Coding coding) {
        return new Code(coding.system(), coding.code());
      }
    }

    /**
     * @param wanted the codes, of whatever system, that are of interest
     */
    ByCode(Facts facts, Set<String> wanted) {
      for (ObservationFact fact : facts.observations()) {
        for (Coding coding : fact.codes()) {
          if (wanted.contains(coding.code())) {
            observations.computeIfAbsent(Code.of(coding), c -> new ArrayList<>(2)).add(fact);
          }
        }
      }
      for (StatementFact fact : facts.statements()) {
        for (Coding coding : fact.codes()) {
          if (wanted.contains(coding.code())) {
            statements.computeIfAbsent(Code.of(coding), c -> new ArrayList<>(2)).add(fact);
          }
        }
      }
    }

    /**
     * What speaks to a requirement.
     *
     * @param kind of the statements; null when none are asked for
     */
    Evidence of(List<Coding> codes, StatementFact.@Nullable Kind kind) {
      List<ObservationFact> observed = gather(observations, codes);
      List<StatementFact> stated = kind == null ? List.of() : gather(statements, codes);
      return observed.isEmpty() && stated.isEmpty()
          ? NONE
          : new Evidence(observed, stated.stream().filter(fact -> fact.kind() == kind).toList());
    }

    /** Each fact once, though it may have several of the codes. */
    private static <T> List<T> gather(Map<Code, List<T>> facts, List<Coding> codes) {
      List<T> only = List.of();
      Set<T> several = null;
      for (Coding coding : codes) {
        List<T> found = facts.getOrDefault(Code.of(coding), List.of());
        if (found.isEmpty()) {
          continue;
        }
        if (only.isEmpty()) {
          only = found;
        } else {
          several = several == null ? new LinkedHashSet<>(only) : several;
          several.addAll(found);
        }
      }
      return several == null ? only : List.copyOf(several);
    }
  }
}
