package org.clinisandbox.negotiation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
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
 * are one. The sets that are tried are the needs themselves and unions of them.
 */
final class Unlocks {
  static final int MOST_ITEMS = 3;
  private static final int MOST_NEEDS = 100;
  private static final int MOST_SETS = 2_000;
  private static final int MOST_ANSWERS = 20;

  private static final Comparator<Unlock> BEST_FIRST =
      Comparator.<Unlock>comparingInt(unlock -> -unlock.models().size())
          .thenComparingInt(unlock -> unlock.ask().size())
          .thenComparing(unlock -> unlock.ask().toString());

  private final Items items;
  private final Map<Need, List<String>> modelsByNeed = new HashMap<>();
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

  /** Whether a need was turned away: further ones would be too. */
  boolean isFull() {
    return !complete;
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
    Set<Set<Integer>> base = new LinkedHashSet<>();
    modelsByNeed.keySet().stream()
        .map(Need::preferred)
        .sorted(Comparator.<Set<Integer>>comparingInt(Set::size).thenComparing(Set::toString))
        .forEach(base::add);
    Set<Set<Integer>> all = new LinkedHashSet<>(base);
    List<Set<Integer>> grown = new ArrayList<>(base);
    for (int round = 1; round < MOST_ITEMS; round++) {
      List<Set<Integer>> next = new ArrayList<>();
      for (Set<Integer> set : grown) {
        for (Set<Integer> other : base) {
          Set<Integer> union = new TreeSet<>(set);
          union.addAll(other);
          if (union.size() > MOST_ITEMS || all.contains(union)) {
            continue;
          }
          if (all.size() == MOST_SETS) {
            complete = false;
            return all;
          }
          all.add(union);
          next.add(union);
        }
      }
      grown = next;
    }
    return all;
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
