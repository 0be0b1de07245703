package org.clinisandbox.bench;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.clinisandbox.bench.Fault.Figure;
import org.clinisandbox.sandbox.bubblewrap.FilterDump;
import org.clinisandbox.sandbox.contract.HostileModels;
import org.clinisandbox.sandbox.contract.Subject;
import org.clinisandbox.sandbox.contract.Trials;
import org.clinisandbox.sandbox.host.Usage;

/** What a model in a container may do. */
final class ContainerFaults {
  private static final Duration STORM = Duration.ofSeconds(1);
  private static final Duration FLOOD = Duration.ofSeconds(2);
  private static final int MIB = 20;
  private static final long OUT_OF_MEMORY = -1;

  private ContainerFaults() {}

  static List<Fault> all(Hostile.Log log) {
    return List.of(
        new Fault(
            2,
            "kill -9 of each of a sandbox' processes in turn",
            SharedFaults.NO_ORPHANS,
            (trials, turns) -> {
              AtomicInteger which = new AtomicInteger();
              return SharedFaults.killed(
                  Tally.of(
                      trials,
                      turns,
                      List.of("kill -9"),
                      program -> trials.isKilled(which.getAndIncrement()).toMillis()));
            }),
        new Fault(
            21,
            "fork bomb, fork storm, threads",
            "at most 128 inside; host processes +0",
            ContainerFaults::multiplies),
        new Fault(
            22,
            "eats memory in 8 ways",
            "out of memory, or refused at 64 MiB; host +0",
            ContainerFaults::memory),
        new Fault(
            23,
            "wants the network",
            "successes 0",
            (trials, turns) -> {
              Tally tally =
                  Tally.of(trials, turns, List.of("network"), p -> trials.reachesNoNetwork());
              return Figure.of(
                  tally,
                  "successes %d / %d, %,d tries"
                      .formatted(tally.escaped(), tally.runs(), tally.sum()));
            }),
        new Fault(
            24,
            "writes 10 GB, a million files, a hole, everywhere",
            "quota; host disk +0",
            ContainerFaults::disk),
        SharedFaults.endless(
            "never ends, ignores signals, answers and stays",
            trials -> HostileModels.ENDLESS.stream().map(trials.subject().images()).toList()),
        SharedFaults.prints(log),
        SharedFaults.invalid(
            List.of(
                "two-lines", "no-newline", "bad-utf8", "output late-line", "output many-lines")),
        SharedFaults.floods(
            "1 GiB answer, 10 000 deep answer, 1 GiB log",
            List.of("output huge-line", "huge-output", SharedFaults.DEEP),
            "output log-flood",
            FLOOD),
        new Fault(
            29,
            "residue between patients",
            "found 0",
            (trials, turns) -> {
              Tally tally =
                  Tally.of(
                      trials,
                      turns,
                      List.of("residue"),
                      p -> {
                        trials.leavesNothing();
                        return 2;
                      });
              return Figure.of(
                  tally, "found %d in %d looks".formatted(tally.escaped(), tally.sum()));
            }),
        new Fault(
            30,
            "escape checks: privileges, the host",
            "all passed",
            (trials, turns) -> {
              Tally tally =
                  Tally.of(
                      trials,
                      turns,
                      List.of("privileges try", "host look"),
                      program ->
                          program.startsWith("host")
                              ? trials.seesNothingOfTheHost()
                              : trials.reachesNothing(program, "{}"));
              return SharedFaults.passed(tally);
            }),
        new Fault(
            31,
            "system calls beyond the committed list",
            "0; the filter's dump is the list",
            ContainerFaults::systemCalls),
        new Fault(
            32,
            "one bit of the image is changed",
            "ran 0",
            (trials, turns) -> SharedFaults.changed(ChangedImage.container(trials, turns))));
  }

  private static Figure multiplies(Trials trials, int turns) {
    Tally tally =
        Tally.of(
            trials,
            turns,
            List.of("fork-bomb", "fork-storm", "threads"),
            mode -> {
              if (mode.equals("fork-storm")) {
                trials.storms(STORM);
                return 0;
              }
              return trials.multiplies(mode);
            });
    return Figure.of(
        tally, "at most %d inside; host processes +%d".formatted(tally.most(), tally.left()));
  }

  private static Figure memory(Trials trials, int turns) {
    Tally tally =
        Tally.of(
            trials,
            turns,
            HostileModels.MEMORY.stream().map("memory "::concat).toList(),
            program -> trials.isHeld(program).orElse(OUT_OF_MEMORY));
    long ended = tally.times(OUT_OF_MEMORY);
    return Figure.of(
        tally,
        "out of memory %d, refused %d at %d MiB or before; host memory +%d (groups, segments, files)"
            .formatted(
                ended, tally.runs() - tally.escaped() - ended, tally.most() >> MIB, tally.left()));
  }

  private static Figure disk(Trials trials, int turns) throws Exception {
    long before = Usage.of(trials.host().folder()).bytes();
    Tally tally =
        Tally.of(
            trials,
            turns,
            List.of("disk fill", "disk sparse", "disk everywhere", "disk files"),
            program -> {
              if (program.endsWith("everywhere")) {
                trials.writesToScratchOnly();
                return 0;
              }
              return trials.isHeld(program).orElse(OUT_OF_MEMORY);
            });
    long more = Usage.of(trials.host().folder()).bytes() - before;
    return Figure.of(
        tally,
        "at most %d MiB written, in its memory; host disk %+d B"
            .formatted(tally.most() >> MIB, more),
        more == 0);
  }

  private static Figure systemCalls(Trials trials, int turns) {
    if (!trials.subject().equals(Subject.BUBBLEWRAP)) {
      return new Figure(0, "they are answered by a kernel of its own", true, List.of());
    }
    Set<Integer> allowed = FilterDump.allowed();
    Tally tally =
        Tally.of(
            trials,
            turns,
            List.of("syscalls all"),
            program -> {
              Set<Integer> beyond =
                  FilterDump.beyondTheList(trials.reply(program, "{}").path("details"));
              if (!beyond.isEmpty()) {
                throw new AssertionError("answered: " + beyond);
              }
              return 0;
            });
    return Figure.of(
        tally,
        "%d allowed, %d on the list; runs with others answered %d"
            .formatted(allowed.size(), FilterDump.listed().size(), tally.escaped()),
        allowed.equals(FilterDump.listed()));
  }
}
