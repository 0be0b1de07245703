package org.clinisandbox.bench;

import static org.clinisandbox.sandbox.contract.Trials.LIMITS;
import static org.clinisandbox.sandbox.contract.Trials.REQUEST;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.clinisandbox.bench.Fault.Figure;
import org.clinisandbox.sandbox.Answer.Failure;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.contract.Subject;
import org.clinisandbox.sandbox.contract.Trials;
import org.clinisandbox.sandbox.host.Usage;
import org.clinisandbox.sandbox.wasm.HostileModules;

/** What a WebAssembly module may do, which has no system calls. */
final class ModuleFaults {
  private static final Duration FLOOD = Duration.ofSeconds(10);

  private ModuleFaults() {}

  static List<Fault> all(Hostile.Log log) {
    return List.of(
        new Fault(
            2,
            "kill -9 of each of a child's processes in turn",
            SharedFaults.NO_ORPHANS,
            (trials, turns) -> {
              AtomicInteger which = new AtomicInteger();
              return SharedFaults.killed(
                  Tally.ofBackends(
                      trials,
                      turns,
                      List.of("kill -9"),
                      program -> killedWithItsChild(which.getAndIncrement())));
            }),
        Fault.none(21, "fork bomb", "a module can start no process and no thread"),
        new Fault(
            22,
            "eats memory",
            "out of memory at 64 MiB",
            (trials, turns) -> {
              Tally tally =
                  Tally.of(
                      trials,
                      turns,
                      List.of("eat-memory"),
                      program -> {
                        trials.fails(program, Failure.OUT_OF_MEMORY);
                        return 1;
                      });
              return Figure.of(tally, "out of memory %d / %d".formatted(tally.sum(), tally.runs()));
            }),
        new Fault(
            23,
            "wants the network",
            "successes 0",
            (trials, turns) -> {
              Tally tally =
                  Tally.of(
                      trials,
                      turns,
                      List.of("wants-network", "unknown-import"),
                      program -> isKeptOut(trials, program));
              return Figure.of(tally, "successes %d / %d".formatted(tally.escaped(), tally.runs()));
            }),
        new Fault(
            24,
            "opens and makes files",
            "none; host disk +0",
            (trials, turns) -> {
              long before = Usage.of(trials.host().folder()).bytes();
              Tally tally =
                  Tally.of(
                      trials, turns, List.of("opens-files"), program -> isKeptOut(trials, program));
              long more = Usage.of(trials.host().folder()).bytes() - before;
              return Figure.of(
                  tally,
                  "opened in %d / %d; host disk %+d B"
                      .formatted(tally.escaped(), tally.runs(), more),
                  more == 0);
            }),
        SharedFaults.endless(
            "never ends: loops, bulk fills, calls, system calls, one long write",
            trials -> {
              Path folder = trials.host().newFolder();
              List<ModelImage> images = new ArrayList<>(HostileModules.endless(folder).values());
              images.add(trials.subject().images().apply("spin"));
              return images;
            }),
        SharedFaults.prints(log),
        SharedFaults.invalid(List.of("two-lines", "half-reply", "no-newline", "bad-utf8")),
        SharedFaults.floods(
            "an answer without end, 10 000 deep answer, 64 MiB log",
            List.of("huge-output", SharedFaults.DEEP),
            "stderr-flood",
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
                      program -> {
                        answers(trials, program, "clean");
                        return 1;
                      });
              return Figure.of(
                  tally, "found %d in %d looks".formatted(tally.escaped(), tally.sum()));
            }),
        new Fault(
            30,
            "escape checks: files, network, imports",
            "all passed",
            (trials, turns) ->
                SharedFaults.passed(
                    Tally.of(
                        trials,
                        turns,
                        List.of("opens-files", "wants-network", "unknown-import"),
                        program -> isKeptOut(trials, program)))),
        Fault.none(31, "system calls", "a module makes none; around its process is no filter"),
        new Fault(
            32,
            "one bit of the module is changed",
            "ran 0",
            (trials, turns) -> SharedFaults.changed(ChangedImage.module(trials, turns))));
  }

  /** In a backend of its own, which ends after it: nothing may remain of that. */
  private static long killedWithItsChild(int which) throws Exception {
    try (Trials own = Trials.open(Subject.WASM)) {
      return own.isKilled(which).toMillis();
    }
  }

  private static void answers(Trials trials, String program, String outcome)
      throws SandboxException {
    String told = trials.reply(program, "{}").path("outcome").asString();
    if (!told.equals(outcome)) {
      throw new AssertionError(told);
    }
  }

  /** Nothing was reached, or it was not even started. */
  private static long isKeptOut(Trials trials, String program) throws SandboxException {
    if (!program.equals("unknown-import")) {
      answers(trials, program, "nothing");
      return 1;
    }
    try {
      trials.say(program, LIMITS, REQUEST);
    } catch (SandboxException e) {
      if (e.kind() == SandboxException.Kind.IMAGE_REFUSED) {
        return 1;
      }
      throw e;
    }
    throw new AssertionError("it was started");
  }
}
