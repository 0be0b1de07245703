package org.clinisandbox.negotiation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  static final Evidence NONE = new Evidence(List.of(), List.of());

  private Evidence() {
    this(new ArrayList<>(2), new ArrayList<>(0));
  }

  /**
   * Sorts facts to requirements by one lookup for each of their codes, however many requirements
   * there are.
   */
  static final class Index {
    private final Map<String, List<Slot>> byCode = new HashMap<>();
    private int slots;

    /** A requirement's place; null is the kind of what takes observations alone. */
    private record Slot(int number, @Nullable String system, StatementFact.@Nullable Kind kind) {}

    /** Gives a requirement its number. */
    int add(Iterable<Coding> codes, StatementFact.@Nullable Kind kind) {
      int number = slots++;
      for (Coding coding : codes) {
        byCode
            .computeIfAbsent(String.valueOf(coding.code()), code -> new ArrayList<>(1))
            .add(new Slot(number, coding.system(), kind));
      }
      return number;
    }

    /** By number; null where nothing speaks to a requirement. */
    @Nullable Evidence[] sort(Facts facts) {
      @Nullable Evidence[] sorted = new Evidence[slots];
      for (ObservationFact fact : facts.observations()) {
        for (Coding coding : fact.codes()) {
          for (Slot slot : slots(coding)) {
            addOnce(at(sorted, slot).observations, fact);
          }
        }
      }
      for (StatementFact fact : facts.statements()) {
        for (Coding coding : fact.codes()) {
          for (Slot slot : slots(coding)) {
            if (fact.kind() == slot.kind()) {
              addOnce(at(sorted, slot).statements, fact);
            }
          }
        }
      }
      return sorted;
    }

    private List<Slot> slots(Coding coding) {
      List<Slot> found = byCode.get(coding.code());
      if (found == null) {
        return List.of();
      }
      return found.stream().allMatch(slot -> Objects.equals(slot.system(), coding.system()))
          ? found
          : found.stream().filter(slot -> Objects.equals(slot.system(), coding.system())).toList();
    }

    private static Evidence at(@Nullable Evidence[] sorted, Slot slot) {
      Evidence evidence = sorted[slot.number()];
      if (evidence == null) {
        evidence = new Evidence();
        sorted[slot.number()] = evidence;
      }
      return evidence;
    }

    /** A fact with two of the codes comes twice in a row. */
    private static <T> void addOnce(List<T> facts, T fact) {
      if (facts.isEmpty() || !facts.getLast().equals(fact)) {
        facts.add(fact);
      }
    }
  }
}
