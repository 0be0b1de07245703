package org.clinisandbox.bench;

import java.util.List;
import org.clinisandbox.sandbox.contract.Trials;

/**
 * What a hostile model may do, and what must come of it.
 *
 * @param row its number in the list of faults that the system must stand
 */
record Fault(int row, String what, String expected, Trying trying) {
  /** All runs of it. */
  interface Trying {
    Figure on(Trials trials, int turns) throws Exception;
  }

  /**
   * What came of it.
   *
   * @param runs how many; 0 when the fault means nothing to the backend, and the text says why
   * @param holds whether what was expected came
   * @param troubles what did not, in whole
   */
  record Figure(int runs, String text, boolean holds, List<String> troubles) {
    static Figure of(Tally tally, String text) {
      return of(tally, text, true);
    }

    static Figure of(Tally tally, String text, boolean alsoHolds) {
      return new Figure(tally.runs(), text, tally.holds() && alsoHolds, tally.troubles());
    }
  }

  /** A fault that means nothing to a backend. */
  static Fault none(int row, String what, String why) {
    return new Fault(row, what, "-", (trials, turns) -> new Figure(0, why, true, List.of()));
  }
}
