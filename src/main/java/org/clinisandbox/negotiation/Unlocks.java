package org.clinisandbox.negotiation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.clinisandbox.negotiation.Matches.Unlock;

/**
 * Finds what to ask for so that as many models as possible become ready. Models of the same need
 * are one. The sets that are tried are the ways to meet one need, and unions of them: any other set
 * has an item that it could do without.
 */
final class Unlocks {
  static final int MOST_ITEMS = 3;
  private static final int MOST_NEEDS = 100;
  private static final int MOST_SETS = 2_000;
  private static final int MOST_STEPS = 20_000;
  private static final int MOST_ANSWERS = 20;

  private static final Comparator<Unlock> BEST_FIRST =
      Comparator.<Unlock>comparingInt(unlock -> -unlock.models().size())
          .thenComparingInt(unlock -> unlock.ask().size())
          .thenComparing(unlock -> unlock.ask().toString());

  private final Items items;
  private final Map<Need, List<String>> modelsByNeed = new HashMap<>();
  private int steps;
  private boolean complete = true;

  Unlocks(Items items) {
    this.items = items;
  }

  /** A model that has this need. */
  void add(Need need, String model) {
    if (admits(need)) {
      modelsByNeed.computeIfAbsent(need, n -> new ArrayList<>()).add(model);
    }
  }

  /** Models that have this need, and how their numbers become keys. */
  void add(Need need, BitSet models, IntFunction<String> key) {
    if (admits(need)) {
      List<String> keys = modelsByNeed.computeIfAbsent(need, n -> new ArrayList<>());
      models.stream().mapToObj(key).forEach(keys::add);
    }
  }

  private boolean admits(Need need) {
    boolean room = modelsByNeed.size() < MOST_NEEDS || modelsByNeed.containsKey(need);
    complete &= room;
    return room;
  }

  /** Whether no limit cut the search. */
  boolean complete() {
    return complete;
  }

  /** The best sets, each without an item that it could do without. */
  List<Unlock> best() {
    List<Unlock> found = new ArrayList<>();
    for (Set<Integer> set : sets()) {
      List<String> models = unlocked(set);
      if (isTight(set, models.size())) {
        found.add(
            new Unlock(
                set.stream()
                    .map(items::get)
                    .sorted(Comparator.comparing(Item::display).thenComparing(Item::toString))
                    .toList(),
                models.stream().sorted().toList()));
      }
    }
    return found.stream().sorted(BEST_FIRST).limit(MOST_ANSWERS).toList();
  }

  private Collection<Set<Integer>> sets() {
    Set<Set<Integer>> all = new LinkedHashSet<>();
    modelsByNeed.keySet().stream()
        .sorted(Comparator.comparing(need -> sorted(need).toString()))
        .forEach(need -> addWays(need, new TreeSet<>(), all));
    List<Set<Integer>> base = List.copyOf(all);
    List<Set<Integer>> grown = base;
    for (int round = 1; round < MOST_ITEMS; round++) {
      List<Set<Integer>> next = new ArrayList<>();
      for (Set<Integer> set : grown) {
        for (Set<Integer> other : base) {
          if (!isInTime(all)) {
            return all;
          }
          Set<Integer> union = union(set, other);
          if (union.size() <= MOST_ITEMS && all.add(union)) {
            next.add(union);
          }
        }
      }
      grown = next;
    }
    return all;
  }

  private static List<String> sorted(Need need) {
    return need.parts().stream().map(part -> new TreeSet<>(part).toString()).sorted().toList();
  }

  /** Meets the first part that is open in each possible way, and so on with the next. */
  private void addWays(Need need, Set<Integer> chosen, Set<Set<Integer>> ways) {
    if (!isInTime(ways)) {
      return;
    }
    Set<Integer> open =
        need.parts().stream()
            .filter(part -> Collections.disjoint(part, chosen))
            .min(Comparator.comparing(part -> new TreeSet<>(part).toString()))
            .orElse(null);
    if (open == null) {
      ways.add(chosen);
    } else if (chosen.size() < MOST_ITEMS) {
      new TreeSet<>(open).forEach(item -> addWays(need, union(chosen, Set.of(item)), ways));
    }
  }

  /** Whether the search is still within its limits. */
  private boolean isInTime(Set<Set<Integer>> found) {
    boolean inTime = found.size() < MOST_SETS && steps++ < MOST_STEPS;
    complete &= inTime;
    return inTime;
  }

  private static Set<Integer> union(Set<Integer> one, Set<Integer> other) {
    Set<Integer> union = new TreeSet<>(one);
    union.addAll(other);
    return union;
  }

  private List<String> unlocked(Set<Integer> set) {
    List<String> unlocked = new ArrayList<>();
    modelsByNeed.forEach(
        (need, models) -> {
          if (need.isMetBy(set)) {
            unlocked.addAll(models);
          }
        });
    return unlocked;
  }

  private boolean isTight(Set<Integer> set, int unlocks) {
    for (Integer item : set) {
      Set<Integer> smaller = new TreeSet<>(set);
      smaller.remove(item);
      if (unlocked(smaller).size() == unlocks) {
        return false;
      }
    }
    return true;
  }
}
