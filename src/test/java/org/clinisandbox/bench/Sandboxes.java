package org.clinisandbox.bench;

import static org.clinisandbox.sandbox.TestModels.request;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.WarmPool;

/**
 * Sandboxes of every backend that works here beside the same program as a bare process, in one run:
 * cold start, a warm request, how soon the next one is ready, requests a second with one sandbox
 * for each processor, memory of a warm one. Medians.
 */
final class Sandboxes {
  private static final int PROCESSORS = 2;
  private static final byte[] REQUEST = request("{}");

  private Sandboxes() {}

  /** A program in each of its forms. */
  record Program(String name, List<String> bare, ModelImage image, Limits limits) {}

  record Row(
      String what, double coldMs, double warmMs, double singleUse, double reused, double memoryMb) {
    void print(Row bare) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f ms | %.2f ms | %+.2f ms | %.0f | %.0f | %.2f | %.1f MB |%n",
          what,
          coldMs,
          warmMs,
          warmMs - bare.warmMs(),
          singleUse,
          reused,
          singleUse / reused,
          memoryMb);
    }
  }

  static void heading() {
    System.out.println(
        "| | start to ready | warm request | over bare | single-use a second | reused a second"
            + " | ratio | memory, warm |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
  }

  /** The program by itself: started, asked, ended. */
  static Row bare(Program program, int rounds) throws Exception {
    double[] cold = new double[rounds];
    double[] warm = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      long begin = System.nanoTime();
      Process process = new ProcessBuilder(program.bare()).start();
      BufferedReader reader = process.inputReader();
      reader.readLine();
      long ready = System.nanoTime();
      OutputStream out = process.getOutputStream();
      out.write(REQUEST);
      out.write('\n');
      out.close();
      reader.readLine();
      process.waitFor();
      long end = System.nanoTime();
      cold[i] = (ready - begin) / 1e6;
      warm[i] = (end - ready) / 1e6;
    }
    double request = median(warm);
    return new Row(
        program.name() + ", bare process",
        median(cold),
        request,
        PROCESSORS * 1000 / (median(cold) + request),
        PROCESSORS * 1000 / request,
        0);
  }

  /** The program in a backend's sandboxes. */
  static Row sandboxed(Program program, Backend backend, int rounds) throws Exception {
    double[] cold = new double[rounds];
    double[] warm = new double[rounds];
    double memory = 0;
    for (int i = 0; i < rounds; i++) {
      long begin = System.nanoTime();
      try (Sandbox sandbox = backend.start(program.image(), program.limits())) {
        long ready = System.nanoTime();
        memory = sandbox.heldBytes() / 1e6;
        long ask = System.nanoTime();
        sandbox.ask(REQUEST);
        warm[i] = (System.nanoTime() - ask) / 1e6;
        cold[i] = (ready - begin) / 1e6;
      }
    }
    double request = median(warm);
    return new Row(
        program.name() + ", " + backend.name(),
        median(cold),
        request,
        singleUse(program, backend, Duration.ofSeconds(5)),
        PROCESSORS * 1000 / request,
        memory);
  }

  /** Requests a second out of a pool, each in a sandbox of its own, one at a time per processor. */
  private static double singleUse(Program program, Backend backend, Duration time)
      throws Exception {
    WarmPool.Key key = new WarmPool.Key(backend, program.image(), program.limits());
    AtomicInteger answers = new AtomicInteger();
    try (WarmPool pool =
            new WarmPool(
                new WarmPool.Settings(4, 16, 4L << 30, Duration.ofHours(1)), Clock.systemUTC());
        var patients = Executors.newFixedThreadPool(PROCESSORS)) {
      pool.take(key).sandbox().close();
      long end = System.nanoTime() + time.toNanos();
      Callable<Void> patient =
          () -> {
            while (System.nanoTime() < end) {
              Sandbox sandbox = pool.take(key).sandbox();
              sandbox.ask(REQUEST);
              pool.retire(sandbox);
              answers.incrementAndGet();
            }
            return null;
          };
      List<Callable<Void>> all = new ArrayList<>();
      for (int i = 0; i < PROCESSORS; i++) {
        all.add(patient);
      }
      for (Future<Void> one : patients.invokeAll(all)) {
        one.get();
      }
    }
    return answers.get() / (time.toNanos() / 1e9);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
