package org.clinisandbox.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.clinisandbox.bench.Fault.Figure;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.contract.HostileModels;
import org.clinisandbox.sandbox.contract.Trials;

/** Faults that modules and containers have in common. */
final class SharedFaults {
  static final String NO_ORPHANS = "crashed; orphans 0 (processes, groups, mounts, files)";

  /** Short, since it is waited for each time. */
  private static final Duration LIMIT = Duration.ofMillis(300);

  /** How long after its limit a model may go on, in 95 of 100 cases. */
  private static final long MOST_OVERRUN_MILLIS = 500;

  private static final long MOST_GROWTH_MIB = 64;

  /** Counted among what is too much, not among what is wrong. */
  static final String DEEP = "deep-json";

  private SharedFaults() {}

  static Figure killed(Tally tally) {
    return Figure.of(
        tally,
        "orphans %d; seen within %d ms in 95 %%, %d ms at most"
            .formatted(tally.left(), tally.percentile(95), tally.most()));
  }

  /** Programs that do not end, and so are ended. */
  interface Endless {
    List<ModelImage> in(Trials trials) throws Exception;
  }

  static Fault endless(String what, Endless endless) {
    return new Fault(
        25,
        what,
        "killed, overrun p95 at most " + MOST_OVERRUN_MILLIS + " ms",
        (trials, turns) -> {
          Tally tally =
              Tally.of(
                  trials,
                  turns,
                  endless.in(trials),
                  image -> trials.overruns(image, LIMIT).toMillis());
          return Figure.of(
              tally,
              "overrun p50 %d ms, p95 %d ms, at most %d ms"
                  .formatted(tally.percentile(50), tally.percentile(95), tally.most()),
              tally.percentile(95) <= MOST_OVERRUN_MILLIS);
        });
  }

  static Fault prints(Hostile.Log log) {
    return new Fault(
        26,
        "prints its input to stderr",
        "kept for the operator; canary hits 0 elsewhere",
        (trials, turns) -> {
          Tally tally =
              Tally.of(
                  trials,
                  turns,
                  List.of("echo-stderr"),
                  program -> {
                    trials.printsItsInput();
                    return 1;
                  });
          Canary canary =
              new Canary(Trials.SECRET)
                  .look(log.toString())
                  .lookAtProcesses()
                  .lookBelow(trials.host().folder());
          return Figure.of(
              tally,
              String.format(
                  Locale.ROOT,
                  "kept %d / %d; canary hits %d in %,d bytes of files, command lines and log",
                  tally.sum(),
                  tally.runs(),
                  canary.hits(),
                  canary.bytes()),
              canary.hits() == 0);
        });
  }

  static Fault invalid(List<String> more) {
    List<String> programs = new ArrayList<>(HostileModels.INVALID);
    programs.remove(DEEP);
    programs.addAll(more);
    return new Fault(
        27,
        "%d answers that are none: NaN, 1.7, wrong shape, two lines".formatted(programs.size()),
        "escaped 0",
        (trials, turns) -> {
          Tally tally =
              Tally.of(
                  trials,
                  turns,
                  programs,
                  program -> {
                    trials.isNotDelivered(program);
                    return 1;
                  });
          return Figure.of(tally, "escaped %d / %d".formatted(tally.escaped(), tally.runs()));
        });
  }

  /**
   * Too much at once.
   *
   * @param answers that are too long or too deep
   * @param flood that goes to standard error
   */
  static Fault floods(String what, List<String> answers, String flood, Duration limit) {
    List<String> programs = new ArrayList<>(answers);
    programs.add(flood);
    return new Fault(
        28,
        what,
        "cut at 64 KiB; worker's RSS at most +" + MOST_GROWTH_MIB + " MiB",
        (trials, turns) -> {
          Resident resident = Resident.begin();
          Tally tally =
              Tally.of(
                  trials,
                  turns,
                  programs,
                  program -> {
                    if (program.equals(flood)) {
                      trials.floods(program, limit);
                    } else {
                      trials.isNotDelivered(program);
                    }
                    return 1;
                  });
          long growth = resident.growth();
          return Figure.of(
              tally,
              "cut %d / %d; worker's RSS %+d MiB".formatted(tally.sum(), tally.runs(), growth),
              growth <= MOST_GROWTH_MIB);
        });
  }

  static Figure passed(Tally tally) {
    return Figure.of(
        tally,
        String.format(
            Locale.ROOT,
            "passed %d / %d, %,d tries",
            tally.runs() - tally.escaped(),
            tally.runs(),
            tally.sum()));
  }

  static Figure changed(Tally tally) {
    return Figure.of(tally, "ran %d / %d".formatted(tally.escaped(), tally.runs()));
  }
}
