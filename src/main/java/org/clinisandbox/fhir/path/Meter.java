package org.clinisandbox.fhir.path;

import java.util.List;
import org.clinisandbox.fhir.path.Truth.Cause;

/** What is left of one evaluation's budget. */
final class Meter {
  private static final int LOOK_EVERY = 256;
  private static final int TEXT_STEP = 16;

  /** Ends an evaluation. It carries no message, so that nothing of a resource can be in it. */
  static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Cause cause;

    Stop(Cause cause) {
      super(null, null, false, false);
      this.cause = cause;
    }

    Cause why() {
      return cause;
    }
  }

  private final Budget budget;
  private final long deadline;
  private long steps;
  private long nextLook = LOOK_EVERY;

  Meter(Budget budget) {
    this.budget = budget;
    deadline = System.nanoTime() + budget.time().toNanos();
  }

  void step() {
    steps(1);
  }

  void steps(long count) {
    steps += count;
    if (steps > budget.steps()) {
      throw new Stop(Cause.STEPS);
    }
    if (steps >= nextLook) {
      nextLook = steps + LOOK_EVERY;
      if (System.nanoTime() - deadline > 0) {
        throw new Stop(Cause.TIME);
      }
    }
  }

  <T> void add(List<T> collection, T item) {
    steps(1);
    if (collection.size() >= budget.items()) {
      throw new Stop(Cause.ITEMS);
    }
    collection.add(item);
  }

  void read(long characters) {
    steps(1 + characters / TEXT_STEP);
  }

  /** To be asked before the text is made. */
  void make(long characters) {
    if (characters > budget.textLength()) {
      throw new Stop(Cause.TEXT);
    }
    read(characters);
  }
}
