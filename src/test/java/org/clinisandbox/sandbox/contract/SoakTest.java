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
import org.clinisandbox.sandbox.gvisor.GvisorBackend;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.HostDisks;
import org.clinisandbox.sandbox.qemu.QemuBackend;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A long day in short: sandboxes started, asked, killed and left in any order, some at a time. The
 * slower backends have a shorter day; {@code -Dsoak=5000} gives each the same.
 */
@Timeout(1800)
class SoakTest {
  private static final int AT_A_TIME = 4;
  private static final Limits LIMITS = new Limits(32 << 20, 1, Duration.ofSeconds(20), 64 << 10);
  private static final Limits BRIEF = new Limits(32 << 20, 1, Duration.ofMillis(50), 64 << 10);

  /** Good and bad ends, most of them quick. */
  private static final List<String> PROGRAMS =
      List.of("echo-stderr", "crash", "nan", "huge-output", "no-reply", "two-lines", "dies abort");

  private final AtomicInteger done = new AtomicInteger();

  private static Backend backend(String name, Host host) {
    return switch (name) {
      case "bubblewrap" -> new BubblewrapBackend(host);
      case "gvisor" -> new GvisorBackend(host);
      default ->
          new QemuBackend(
              host, new HostDisks(host, HostileModels.disks(host)), Path.of("guest", "out"));
    };
  }

  @ParameterizedTest
  @CsvSource({"bubblewrap, 500, 5000", "gvisor, 50, 100", "qemu, 50, 100"})
  void thousands_of_sandboxes_leave_nothing_behind(String name, int before, int usual)
      throws Exception {
    HostileModels.build();
    int sandboxes = Integer.getInteger("soak", usual);
    try (Host host = Host.open(Path.of(System.getProperty("java.io.tmpdir")));
        Backend backend = backend(name, host)) {
      Requires.that(backend.probe().available(), name);
      run(backend, before);
      Residue residue = new Residue(host.folder());
      long files = openFiles();
      int threads = Thread.activeCount();

      run(backend, sandboxes);

      residue.assertNothingNew();
      assertThat(openFiles()).as("open files").isLessThanOrEqualTo(files + 8);
      assertThat(Thread.activeCount()).as("threads").isLessThanOrEqualTo(threads + 8);
    }
    assertThat(done).hasValue(sandboxes + before);
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
