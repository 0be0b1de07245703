package org.clinisandbox.negotiation;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.clinisandbox.registry.Requirement.OfGroup;

/**
 * What has to be asked for so that a model becomes ready.
 *
 * @param parts at most {@value Unlocks#MOST_ITEMS}; of each part one item will do, the preferred
 *     one first
 */
record Need(Set<List<Integer>> parts) {
  Need {
    parts = Set.copyOf(parts);
  }

  /** Empty when more is needed, or when answers alone will not do. */
  static Optional<Need> of(List<Gap> gaps, Items items) {
    Set<List<Integer>> parts = new LinkedHashSet<>();
    for (Gap gap : gaps) {
      if (gap.mandatory()) {
        if (!gap.askable()) {
          return Optional.empty();
        }
        parts.add(alternatives(gap, items));
        if (parts.size() > Unlocks.MOST_ITEMS) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Need(parts));
  }

  private static List<Integer> alternatives(Gap gap, Items items) {
    return gap.requirement() instanceof OfGroup
        ? gap.options().stream()
            .filter(Gap::askable)
            .map(option -> items.number(option.requirement()))
            .distinct()
            .toList()
        : List.of(items.number(gap.requirement()));
  }

  /** Both together; empty when that is too much. */
  Optional<Need> and(Need other) {
    Set<List<Integer>> both = new HashSet<>(parts);
    both.addAll(other.parts);
    return both.size() > Unlocks.MOST_ITEMS ? Optional.empty() : Optional.of(new Need(both));
  }

  /** The first alternative of each part. */
  Set<Integer> preferred() {
    return parts.stream().map(List::getFirst).collect(Collectors.toCollection(TreeSet::new));
  }

  boolean isMetBy(Collection<Integer> asked) {
    return parts.stream().allMatch(part -> part.stream().anyMatch(asked::contains));
  }
}
