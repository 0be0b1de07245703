package org.clinisandbox.fhir.differential;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.clinisandbox.fhir.Finding;
import tools.jackson.databind.JsonNode;

/** Gathers judgements into groups of like differences. */
final class Report {
  private final Map<String, Integer> counts = new TreeMap<>();
  private final Map<String, Group> acceptances = new TreeMap<>();
  private final Map<String, Group> rejections = new TreeMap<>();
  private final Map<String, Group> elsewhere = new TreeMap<>();
  private final List<Judgement> unexplained = new ArrayList<>();

  /**
   * Like differences: how many bundles, in how many it is the only one, and the smallest of them.
   */
  private static final class Group {
    int bundles;
    int alone;
    Judgement example;
    int size = Integer.MAX_VALUE;

    void add(Judgement judgement, boolean only) {
      bundles++;
      alone += only ? 1 : 0;
      // One that shows nothing else is the better example.
      int itsSize = judgement.bundle().toString().length() + (only ? 0 : 10_000_000);
      if (itsSize < size) {
        size = itsSize;
        example = judgement;
      }
    }
  }

  void add(Judgement judgement) {
    Optional<KnownDifferences.Known> known =
        judgement.agrees() ? Optional.empty() : KnownDifferences.of(judgement);
    if (known.isPresent()) {
      count("differ as known: " + known.get().name());
    } else if (judgement.isFalseAcceptance()) {
      count("FALSE ACCEPTANCES");
      unexplained.add(judgement);
      group(acceptances, judgement, theirs(judgement));
    } else if (judgement.isFalseRejection()) {
      count("FALSE REJECTIONS");
      unexplained.add(judgement);
      group(rejections, judgement, ours(judgement));
    } else if (judgement.isElsewhere()) {
      count("both reject, in different places");
      group(elsewhere, judgement, theirs(judgement));
    } else {
      count(judgement.findings().isEmpty() ? "both accept" : "both reject");
    }
  }

  /** The differences that no known one explains. */
  List<Judgement> unexplained() {
    return unexplained;
  }

  /** The counts, on one line. */
  String counts() {
    return counts.toString();
  }

  /**
   * The whole, for people.
   *
   * @param saved stores a judgement's bundle and says where
   */
  String text(Function<Judgement, String> saved) {
    StringBuilder text = new StringBuilder();
    table(text, "FALSE ACCEPTANCES, by what HAPI rejects", acceptances, saved);
    table(text, "FALSE REJECTIONS, by our finding", rejections, saved);
    table(text, "BOTH REJECT, but in different places, by what HAPI rejects", elsewhere, saved);
    return text.append(counts()).append('\n').toString();
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private static void group(Map<String, Group> groups, Judgement judgement, Set<String> keys) {
    keys.forEach(
        key -> groups.computeIfAbsent(key, k -> new Group()).add(judgement, keys.size() == 1));
  }

  private static Set<String> theirs(Judgement judgement) {
    Set<String> keys = new LinkedHashSet<>();
    JsonNode bundle = judgement.bundle();
    for (Verdict.Message m : judgement.verdict().messages()) {
      String id = m.id().isEmpty() ? "(no id)" : m.id();
      keys.add(id + " @ " + Words.general(bundle, m.place()) + " : " + Words.masked(m.text()));
    }
    return keys;
  }

  private static Set<String> ours(Judgement judgement) {
    Set<String> keys = new LinkedHashSet<>();
    for (Finding f : judgement.findings()) {
      keys.add(Words.general(judgement.bundle(), f.expression()) + " : " + f.message());
    }
    return keys;
  }

  private static void table(
      StringBuilder text,
      String title,
      Map<String, Group> groups,
      Function<Judgement, String> saved) {
    text.append("== ").append(title).append(" (bundles, in how many nothing else)\n");
    groups.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> -entry.getValue().bundles))
        .forEach(
            entry -> {
              Group group = entry.getValue();
              text.append("%5d %5d  %s%n".formatted(group.bundles, group.alone, entry.getKey()))
                  .append("             e.g. ")
                  .append(group.example.example().name())
                  .append(group.example.example().edit() == null ? "" : " ")
                  .append(
                      group.example.example().edit() == null
                          ? ""
                          : group.example.example().edit().toString())
                  .append(" → ")
                  .append(saved.apply(group.example))
                  .append('\n');
            });
  }
}
