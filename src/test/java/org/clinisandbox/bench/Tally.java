package org.clinisandbox.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.contract.Residue;
import org.clinisandbox.sandbox.contract.Trials;

/**
 * One fault, tried many times in one backend: what could be counted, what did not hold, what was
 * left on this machine.
 */
final class Tally {
  /** After this no program is run again, once the fault was tried often enough. */
  private static final Duration SHARE = Duration.ofSeconds(6);

  private final List<Long> counts = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private Set<String> left = Set.of();

  /** One run of a program, which fails when it does not hold; gives what can be counted. */
  interface Trial<P> {
    long run(P program) throws Exception;
  }

  /**
   * The programs in turn, each as often as there are turns; when that takes long, at least as many
   * runs of all together.
   */
  static <P> Tally of(Trials trials, int turns, List<P> programs, Trial<P> trial) {
    return of(trials, !trials.subject().keepsProcesses(), turns, programs, trial);
  }

  /** The same, each run in a backend of its own. */
  static <P> Tally ofBackends(Trials trials, int turns, List<P> programs, Trial<P> trial) {
    return of(trials, true, turns, programs, trial);
  }

  private static <P> Tally of(
      Trials trials, boolean counted, int turns, List<P> programs, Trial<P> trial) {
    Residue residue = new Residue(trials.host().folder());
    Tally tally = new Tally();
    tally.run(turns, programs, trial);
    tally.left = counted ? residue.left() : Set.of();
    return tally;
  }

  private <P> void run(int turns, List<P> programs, Trial<P> trial) {
    long enough = System.nanoTime() + SHARE.toNanos();
    for (int turn = 0; turn < turns; turn++) {
      for (P program : programs) {
        if (runs() < turns || System.nanoTime() < enough) {
          run(program, trial);
        }
      }
    }
  }

  private <P> void run(P program, Trial<P> trial) {
    try {
      counts.add(trial.run(program));
    } catch (Exception | AssertionError e) {
      broken.add(program + ": " + e);
    }
  }

  int runs() {
    return counts.size() + broken.size();
  }

  /** How many runs did not hold. */
  int escaped() {
    return broken.size();
  }

  int left() {
    return left.size();
  }

  /** In how many runs this was counted. */
  long times(long count) {
    return counts.stream().filter(one -> one == count).count();
  }

  long sum() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  long most() {
    return counts.isEmpty() ? 0 : Collections.max(counts);
  }

  /** The count that so many of a hundred runs do not exceed. */
  long percentile(int percent) {
    List<Long> sorted = counts.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((sorted.size() * percent + 99) / 100 - 1);
  }

  boolean holds() {
    return broken.isEmpty() && left.isEmpty();
  }

  /** What went wrong, in whole. */
  List<String> troubles() {
    return Stream.concat(broken.stream(), left.stream().map(what -> "left behind: " + what))
        .toList();
  }
}
