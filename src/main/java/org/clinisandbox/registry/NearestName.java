package org.clinisandbox.registry;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the name that somebody who mistyped may have meant. */
final class NearestName {
  private NearestName() {}

  /** The closest of some names: at most two edits away, and fewer than half its letters. */
  static @Nullable String of(String typed, Collection<String> names) {
    String nearest = null;
    int best = 3;
    for (String name : names) {
      int edits = Math.abs(name.length() - typed.length()) < 3 ? edits(typed, name) : 3;
      if (edits < best && 2 * edits < name.length()) {
        nearest = name;
        best = edits;
      }
    }
    return nearest;
  }

  /** Levenshtein distance, a row at a time. */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substitution = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
