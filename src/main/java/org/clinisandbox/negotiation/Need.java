package org.clinisandbox.negotiation;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.clinisandbox.registry.Requirement.OfGroup;

/**
 * What has to be asked for so that a model becomes ready.
 *
 * @param parts of each part one item must be there
 */
record Need(Set<Set<Integer>> parts) {
  Need {
    parts = Set.copyOf(parts);
  }

  /** Empty when too much is needed for certain, or when answers will not do. */
  static Optional<Need> of(List<Gap> gaps, Items items) {
    Set<Set<Integer>> parts = new LinkedHashSet<>();
    for (Gap gap : gaps) {
      if (gap.mandatory()) {
        if (!gap.askable()) {
          return Optional.empty();
        }
        parts.add(alternatives(gap, items));
      }
    }
    return Optional.of(new Need(parts)).filter(Need::isSmall);
  }

  private static Set<Integer> alternatives(Gap gap, Items items) {
    return gap.requirement() instanceof OfGroup
        ? gap.options().stream()
            .filter(Gap::askable)
            .map(option -> items.number(option.requirement()))
            .collect(Collectors.toUnmodifiableSet())
        : Set.of(items.number(gap.requirement()));
  }

  private boolean isSmall() {
    return parts.stream().filter(part -> part.size() == 1).count() <= Unlocks.MOST_ITEMS;
  }

  /** Both together; empty when that is too much. */
  Optional<Need> and(Need other) {
    Set<Set<Integer>> both = new LinkedHashSet<>(parts);
    both.addAll(other.parts);
    return Optional.of(new Need(both)).filter(Need::isSmall);
  }

  boolean isMetBy(Set<Integer> asked) {
    return parts.stream().noneMatch(part -> Collections.disjoint(part, asked));
  }
}
