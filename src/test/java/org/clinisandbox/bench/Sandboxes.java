package org.clinisandbox.bench;

import static org.clinisandbox.sandbox.TestModels.request;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.stream.Stream;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.Disks;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.ModelImages;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.TestModels;
import org.clinisandbox.sandbox.WarmPool;
import org.clinisandbox.sandbox.bubblewrap.BubblewrapBackend;
import org.clinisandbox.sandbox.gvisor.GvisorBackend;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.HostDisks;
import org.clinisandbox.sandbox.qemu.QemuBackend;
import org.clinisandbox.sandbox.wasm.WasmBackend;

/**
 * Sandboxes of every backend that works here beside the same program as a bare process, in one run:
 * cold start, a warm request, how soon the next one is ready, requests a second with one sandbox
 * for each processor, memory of a warm one. Medians.
 */
final class Sandboxes {
  private static final int PROCESSORS = 2;
  private static final int ROUNDS = 40;
  private static final Limits LIMITS = new Limits(64 << 20, 1, Duration.ofSeconds(30), 64 << 10);
  private static final byte[] REQUEST =
      request(
          """
          {"age":{"value":50,"unit":"a"},"respiration":{"value":25,"unit":"/min"},
          "systolic":{"value":95,"unit":"mm[Hg]"},"consciousness":{"value":"voice"}}
          """
              .replaceAll("\\s", ""));

  private Sandboxes() {}

  /** Measures qSOFA as machine code, as Python and as WebAssembly. */
  public static void main(String... arguments) throws Exception {
    ModelImages images = TestModels.images(Path.of(""));
    try (Host host = Host.open(Path.of(System.getProperty("java.io.tmpdir")))) {
      Disks disks = new HostDisks(host, images);
      List<Backend> backends =
          List.of(
              new WasmBackend(host),
              new BubblewrapBackend(host),
              new GvisorBackend(host),
              new QemuBackend(host, disks, Path.of("guest", "out")));
      Path c = Path.of("target/models/qsofa-c/root/model");
      Path python = Path.of("target/models/qsofa-python/root/model/qsofa.py");
      List<Program> programs =
          List.of(
              new Program("C", List.of(program(c)), TestModels.built(images, "qsofa-c"), LIMITS),
              new Program(
                  "Python",
                  List.of("/usr/bin/python3", "-I", python.toString()),
                  TestModels.built(images, "qsofa-python"),
                  LIMITS),
              new Program(
                  "WebAssembly",
                  List.of(program(c)),
                  TestModels.image(Path.of("models/qsofa/qsofa.wasm")),
                  LIMITS));
      Results results = Results.begin("sandboxes");
      heading();
      for (Program program : programs) {
        bare(program, ROUNDS);
        Row floor = bare(program, ROUNDS);
        floor.print(floor, results);
        for (Backend backend : backends) {
          if (backend.runs(program.image()) && backend.probe().available()) {
            sandboxed(program, backend, ROUNDS / 4);
            sandboxed(program, backend, ROUNDS).print(floor, results);
          }
        }
      }
      backends.forEach(Backend::close);
      System.out.println(results.end().write());
    }
  }

  /** The one program in a folder, or the file itself. */
  private static String program(Path path) throws Exception {
    if (!Files.isDirectory(path)) {
      return path.toString();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.findFirst().orElseThrow().toString();
    }
  }

  /** A program in each of its forms. */
  record Program(String name, List<String> bare, ModelImage image, Limits limits) {}

  record Row(
      String what, double coldMs, double warmMs, double singleUse, double reused, double memoryMb) {
    void print(Row bare, Results results) {
      results
          .rows()
          .addObject()
          .put("what", what)
          .put("cold_ms", coldMs)
          .put("warm_ms", warmMs)
          .put("single_use_a_second", singleUse)
          .put("reused_a_second", reused)
          .put("memory_mb", memoryMb);
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
