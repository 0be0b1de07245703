package org.clinisandbox.negotiation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.clinisandbox.negotiation.Matches.Match;
import org.clinisandbox.negotiation.Matches.Unlock;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfRule;
import org.jspecify.annotations.Nullable;

/**
 * Finds what to ask for so that as many models as possible become ready. Models of the same need
 * are one. The sets that are tried are the needs themselves and unions of them.
 */
final class Unlocks {
  static final int MOST_ITEMS = 3;
  private static final int MOST_NEEDS = 200;
  private static final int MOST_SETS = 5_000;
  private static final int MOST_ANSWERS = 20;

  private static final Comparator<Unlock> BEST_FIRST =
      Comparator.<Unlock>comparingInt(unlock -> -unlock.models().size())
          .thenComparingInt(unlock -> unlock.ask().size())
          .thenComparing(unlock -> unlock.ask().toString());

  private final Items items;

  /** The models of each need; a need is met when an item of each of its parts is there. */
  private final Map<Set<Set<Integer>>, List<String>> modelsByNeed = new HashMap<>();

  private boolean complete = true;

  Unlocks(Items items, List<Match> matches) {
    this.items = items;
    for (Match match : matches) {
      if (match.verdict() instanceof Verdict.DataRequired required) {
        Set<Set<Integer>> need = need(required);
        if (need != null) {
          modelsByNeed.computeIfAbsent(need, n -> new ArrayList<>()).add(match.model().key());
        }
      }
    }
  }

  /** Whether no limit cut the search. */
  boolean complete() {
    return complete;
  }

  /** Null when more than three answers are needed, or when answers alone will not do. */
  private @Nullable Set<Set<Integer>> need(Verdict.DataRequired required) {
    Set<Set<Integer>> need = new LinkedHashSet<>();
    for (Gap gap : required.gaps()) {
      if (gap.mandatory()) {
        if (!gap.askable() || gap.requirement() instanceof OfRule) {
          return null;
        }
        need.add(alternatives(gap));
        if (need.size() > MOST_ITEMS) {
          return null;
        }
      }
    }
    return need;
  }

  private Set<Integer> alternatives(Gap gap) {
    if (gap.requirement() instanceof OfGroup) {
      return gap.options().stream()
          .filter(Gap::askable)
          .map(option -> items.number(option.requirement()))
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }
    return Set.of(items.number(gap.requirement()));
  }

  /** The best sets, each without an item that it could do without. */
  List<Unlock> best() {
    complete &= modelsByNeed.size() <= MOST_NEEDS;
    List<Set<Set<Integer>>> needs =
        modelsByNeed.keySet().stream()
            .sorted(
                Comparator.<Set<Set<Integer>>>comparingInt(need -> -models(need).size())
                    .thenComparing(need -> new TreeSet<>(preferred(need)).toString()))
            .limit(MOST_NEEDS)
            .toList();
    Map<Set<Integer>, Integer> counts = new LinkedHashMap<>();
    for (Set<Integer> set : sets(needs)) {
      counts.put(set, unlocked(set, needs).size());
    }
    return counts.keySet().stream()
        .filter(set -> isTight(set, counts.getOrDefault(set, 0), needs))
        .map(set -> unlock(set, needs))
        .sorted(BEST_FIRST)
        .limit(MOST_ANSWERS)
        .toList();
  }

  private List<String> models(Set<Set<Integer>> need) {
    return modelsByNeed.getOrDefault(need, List.of());
  }

  /** The first alternative of each part. */
  private static Set<Integer> preferred(Set<Set<Integer>> need) {
    return need.stream().map(part -> part.iterator().next()).collect(Collectors.toSet());
  }

  private Collection<Set<Integer>> sets(List<Set<Set<Integer>>> needs) {
    Set<Set<Integer>> base = new LinkedHashSet<>();
    needs.forEach(need -> base.add(preferred(need)));
    Set<Set<Integer>> all = new LinkedHashSet<>(base);
    List<Set<Integer>> grown = new ArrayList<>(base);
    for (int round = 1; round < MOST_ITEMS; round++) {
      List<Set<Integer>> next = new ArrayList<>();
      for (Set<Integer> set : grown) {
        for (Set<Integer> other : base) {
          Set<Integer> union = new TreeSet<>(set);
          union.addAll(other);
          if (union.size() <= MOST_ITEMS && all.size() < MOST_SETS) {
            if (all.add(Set.copyOf(union))) {
              next.add(Set.copyOf(union));
            }
          } else if (union.size() <= MOST_ITEMS && !all.contains(union)) {
            complete = false;
          }
        }
      }
      grown = next;
    }
    return all;
  }

  private List<String> unlocked(Set<Integer> set, List<Set<Set<Integer>>> needs) {
    List<String> unlocked = new ArrayList<>();
    for (Set<Set<Integer>> need : needs) {
      if (need.stream().allMatch(part -> part.stream().anyMatch(set::contains))) {
        unlocked.addAll(models(need));
      }
    }
    return unlocked;
  }

  private boolean isTight(Set<Integer> set, int unlocks, List<Set<Set<Integer>>> needs) {
    for (Integer item : set) {
      Set<Integer> smaller = new TreeSet<>(set);
      smaller.remove(item);
      if (unlocked(smaller, needs).size() == unlocks) {
        return false;
      }
    }
    return true;
  }

  private Unlock unlock(Set<Integer> set, List<Set<Set<Integer>>> needs) {
    return new Unlock(
        set.stream()
            .map(items::get)
            .sorted(Comparator.comparing(Item::display).thenComparing(Item::toString))
            .toList(),
        unlocked(set, needs).stream().sorted().toList());
  }
}
