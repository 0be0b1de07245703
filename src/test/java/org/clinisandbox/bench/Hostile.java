package org.clinisandbox.bench;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.clinisandbox.sandbox.contract.Subject;
import org.clinisandbox.sandbox.contract.Trials;
import org.opentest4j.TestAbortedException;

/**
 * Every fault of a hostile model, many times on every backend that works here, in one table. Fails
 * when one does not hold.
 */
final class Hostile {
  private record Line(Fault fault, String backend, Fault.Figure figure) {}

  private static final List<Line> LINES = new ArrayList<>();
  private static final List<String> ABSENT = new ArrayList<>();

  private Hostile() {}

  /** How often each program is run, and in which backends; in all when none is named. */
  public static void main(String... arguments) throws Exception {
    int turns = Integer.parseInt(arguments[0]);
    Log log = Log.begin();
    long begin = System.nanoTime();
    Set<String> named = Set.of(arguments[1].split(" ", -1));
    for (Subject subject :
        List.of(Subject.WASM, Subject.BUBBLEWRAP, Subject.GVISOR, Subject.QEMU)) {
      if (arguments[1].isEmpty() || named.contains(subject.name())) {
        boolean modules = subject.equals(Subject.WASM);
        attempt(subject, modules ? ModuleFaults.all(log) : ContainerFaults.all(log), turns);
      }
    }
    print(System.out);
    System.out.printf(
        Locale.ROOT,
        "%n%d lines, %.0f s, load average at the end %s%n",
        LINES.size(),
        (System.nanoTime() - begin) / 1e9,
        Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
    boolean holds = LINES.stream().allMatch(line -> line.figure().holds());
    System.exit(holds ? 0 : 1);
  }

  private static void attempt(Subject subject, List<Fault> faults, int turns) throws Exception {
    try (Trials trials = Trials.open(subject)) {
      for (Fault fault : faults) {
        long begin = System.nanoTime();
        Fault.Figure figure = fault.trying().on(trials, turns);
        LINES.add(new Line(fault, subject.name(), figure));
        System.err.printf(
            Locale.ROOT,
            "%s %d: %.1f s%n",
            subject.name(),
            fault.row(),
            (System.nanoTime() - begin) / 1e9);
        figure.troubles().stream().limit(5).forEach(System.err::println);
      }
    } catch (TestAbortedException e) {
      ABSENT.add(subject.name() + ": " + e.getMessage());
    }
  }

  private static void print(PrintStream out) {
    out.println("| row | fault | backend | N | expected | figure | held |");
    out.println("| --- | --- | --- | --- | --- | --- | --- |");
    LINES.sort(Comparator.comparingInt(line -> line.fault().row()));
    for (Line line : LINES) {
      boolean meant = line.figure().runs() > 0;
      out.printf(
          Locale.ROOT,
          "| %d | %s | %s | %s | %s | %s | %s |%n",
          line.fault().row(),
          line.fault().what(),
          line.backend(),
          meant ? line.figure().runs() : "-",
          meant ? line.fault().expected() : "-",
          line.figure().text(),
          !meant ? "-" : line.figure().holds() ? "yes" : "**no**");
    }
    ABSENT.forEach(absent -> out.println("\nNot tried, " + absent));
  }

  /** What this process prints of its own, its log included. */
  record Log(ByteArrayOutputStream bytes) {
    static Log begin() {
      Log log = new Log(new ByteArrayOutputStream());
      PrintStream errors = System.err;
      System.setErr(
          new PrintStream(
              new OutputStream() {
                @Override
                public void write(int octet) {
                  log.bytes().write(octet);
                  errors.write(octet);
                }
              },
              true,
              StandardCharsets.UTF_8));
      return log;
    }

    @Override
    public String toString() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
