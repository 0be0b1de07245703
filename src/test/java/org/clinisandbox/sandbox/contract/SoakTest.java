package org.clinisandbox.sandbox.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.sandbox.TestModels.request;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.bubblewrap.BubblewrapBackend;
import org.clinisandbox.sandbox.host.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A long day in short: sandboxes started, asked, killed and left in any order, some at a time. */
@Timeout(1200)
class SoakTest {
  private static final int SANDBOXES = 5000;
  private static final int AT_A_TIME = 4;
  private static final int LOAD_OPEN_FILES_AFTER = 500;
  private static final Limits LIMITS = new Limits(32 << 20, 1, Duration.ofSeconds(20), 64 << 10);
  private static final Limits BRIEF = new Limits(32 << 20, 1, Duration.ofMillis(50), 64 << 10);

  /** Good and bad ends, most of them quick. */
  private static final List<String> PROGRAMS =
      List.of("echo-stderr", "crash", "nan", "huge-output", "no-reply", "two-lines", "dies abort");

  private final AtomicInteger done = new AtomicInteger();

  @Test
  void thousands_of_sandboxes_leave_nothing_behind() throws Exception {
    HostileModels.build();
    try (Host host = Host.open(Path.of(System.getProperty("java.io.tmpdir")));
        Backend backend = new BubblewrapBackend(host)) {
      Requires.that(backend.probe().available(), "bubblewrap");
      run(backend, LOAD_OPEN_FILES_AFTER);
      Residue residue = new Residue(host.folder());
      long files = openFiles();
      int threads = Thread.activeCount();

      run(backend, SANDBOXES);

      residue.assertNothingNew();
      assertThat(openFiles()).as("open files").isLessThanOrEqualTo(files + 8);
      assertThat(Thread.activeCount()).as("threads").isLessThanOrEqualTo(threads + 8);
    }
    assertThat(done).hasValue(SANDBOXES + LOAD_OPEN_FILES_AFTER);
  }

  private void run(Backend backend, int sandboxes) throws Exception {
    SplittableRandom seeds = new SplittableRandom(20261122);
    try (var patients = Executors.newFixedThreadPool(AT_A_TIME)) {
      List<Callable<Void>> lives =
          IntStream.range(0, sandboxes)
              .<Callable<Void>>mapToObj(
                  i -> {
                    SplittableRandom random = seeds.split();
                    return () -> {
                      live(backend, random);
                      return null;
                    };
                  })
              .toList();
      for (Future<Void> life : patients.invokeAll(lives)) {
        life.get();
      }
    }
  }

  private void live(Backend backend, SplittableRandom random) throws Exception {
    String program =
        random.nextInt(20) == 0 ? "spin" : PROGRAMS.get(random.nextInt(PROGRAMS.size()));
    Limits limits = program.equals("spin") ? BRIEF : LIMITS;
    try (Sandbox sandbox = backend.start(HostileModels.image(program), limits)) {
      switch (random.nextInt(8)) {
        case 0 -> {} // Nobody came.
        case 1 -> {
          Thread killer = Thread.ofVirtual().start(sandbox::close);
          sandbox.ask(request("{}"));
          killer.join();
        }
        default -> {
          Answer answer = sandbox.ask(request("{}"));
          assertThat(answer.runTime()).isPositive();
        }
      }
    }
    done.incrementAndGet();
  }

  private static long openFiles() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
