package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.negotiation.Matches.Match;
import org.clinisandbox.negotiation.Matches.Standing;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;
import org.junit.jupiter.api.Test;

/** What to ask for, against trying every set of at most three items. */
class UnlocksTest {
  /** An unlock as it is compared: the codes of each item, and the models. */
  private record Found(Set<Set<String>> ask, Set<String> models) {
    static final Comparator<Found> BEST_FIRST =
        Comparator.<Found>comparingInt(found -> -found.models().size())
            .thenComparingInt(found -> found.ask().size());
  }

  /** Sets of codes that overlap, grown together until none does. */
  private static List<Set<String>> items(List<Manifest> models) {
    List<Set<String>> items = new ArrayList<>();
    for (OfPatient.Item item : OfPatient.Item.values()) {
      items.add(Set.of(item.label()));
    }
    for (Manifest model : models) {
      for (Requirement input : model.inputs()) {
        Set<String> codes = new HashSet<>(codes(input));
        for (Set<String> other : List.copyOf(items)) {
          if (other.stream().anyMatch(codes::contains)) {
            codes.addAll(other);
            items.remove(other);
          }
        }
        items.add(codes);
      }
    }
    return items;
  }

  private static Set<String> codes(Requirement input) {
    Set<String> codes = new HashSet<>();
    switch (input) {
      case OfPatient patient -> codes.add(patient.name());
      case OfObservation observation -> {
        codes.add(observation.code());
        codes.addAll(observation.accepts());
      }
      case OfStatement statement ->
          statement.codes().forEach(coding -> codes.add(String.valueOf(coding.code())));
      case OfGroup group -> throw new AssertionError("a group is no input");
      case OfRule rule -> throw new AssertionError("a rule is no input");
    }
    return codes;
  }

  private static boolean closes(Set<Set<String>> set, Gap gap) {
    if (!gap.askable() || gap.requirement() instanceof OfRule) {
      return false;
    }
    return gap.options().isEmpty()
        ? set.stream().anyMatch(item -> item.containsAll(codes(gap.requirement())))
        : gap.options().stream().anyMatch(option -> closes(set, option));
  }

  private static Set<String> unlocked(Set<Set<String>> set, List<Match> matches) {
    Set<String> keys = new TreeSet<>();
    for (Match match : matches) {
      if (match.standing() == Standing.DATA_REQUIRED
          && match.gaps().stream().filter(Gap::mandatory).allMatch(gap -> closes(set, gap))) {
        keys.add(match.model().key());
      }
    }
    return keys;
  }

  /** Every set that has no item too many. */
  private static List<Found> bruteForce(List<Set<String>> items, List<Match> matches) {
    List<Found> found = new ArrayList<>();
    for (int a = 0; a < items.size(); a++) {
      for (int b = a; b < items.size(); b++) {
        for (int c = b; c < items.size(); c++) {
          Set<Set<String>> set =
              new LinkedHashSet<>(List.of(items.get(a), items.get(b), items.get(c)));
          // Each set of two would come in two spellings.
          if (a == b && b < c) {
            continue;
          }
          Set<String> models = unlocked(set, matches);
          boolean tight =
              set.stream()
                  .allMatch(
                      item -> {
                        Set<Set<String>> less = new LinkedHashSet<>(set);
                        less.remove(item);
                        return unlocked(less, matches).size() < models.size();
                      });
          if (tight) {
            found.add(new Found(set, models));
          }
        }
      }
    }
    found.sort(Found.BEST_FIRST);
    return found;
  }

  private static Set<String> itemOf(Item item, List<Set<String>> items) {
    String code = item.code();
    String name =
        switch (item.display()) {
          case "Date of birth" -> "age";
          case "Sex" -> "sex";
          case "Race" -> "race";
          default -> String.valueOf(code);
        };
    return items.stream().filter(codes -> codes.contains(name)).findFirst().orElseThrow();
  }

  @Test
  void the_best_sets_of_all_are_found_each_with_all_its_models() {
    int sets = 0;
    for (long seed = 0; seed < 250; seed++) {
      Random random = new Random(seed);
      List<Manifest> models =
          IntStream.range(0, 2 + random.nextInt(9))
              .mapToObj(i -> RandomModels.manifest(random, "m" + i))
              .toList();
      Facts facts = BundleCheck.facts(RandomRecords.record(random));
      Matches matches =
          new Catalogue(models.stream().map(Negotiator::new).toList()).match(facts, NOW);
      List<Set<String>> items = items(models);
      List<Found> all = bruteForce(items, matches.models());
      List<Found> found =
          matches.unlocks().stream()
              .map(
                  unlock ->
                      new Found(
                          new HashSet<>(
                              unlock.ask().stream().map(item -> itemOf(item, items)).toList()),
                          new TreeSet<>(unlock.models())))
              .toList();
      assertThat(found)
          .as("seed " + seed)
          .doesNotHaveDuplicates()
          .hasSize(Math.min(20, all.size()));
      assertThat(all).as("seed " + seed).containsAll(found);
      for (int i = 0; i < found.size(); i++) {
        assertThat(Found.BEST_FIRST.compare(found.get(i), all.get(i))).isZero();
      }
      assertThat(matches.complete()).isTrue();
      sets += found.size();
    }
    assertThat(sets).isGreaterThan(500);
  }
}
