package org.clinisandbox.sandbox.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Disks;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.host.Ext4;
import org.clinisandbox.sandbox.host.Host;

/** The programs of tests/models and tests/models/hostile, built once for container images. */
public final class HostileModels {
  /** Those that do not end. */
  public static final List<String> ENDLESS =
      List.of(
          "processes stubborn",
          "processes sleeper",
          "processes stopped",
          "processes all-processors",
          "output answer-and-stay",
          "output close-and-stay",
          "output drip",
          "spin");

  /** How {@code memory} eats it. */
  public static final List<String> MEMORY =
      List.of("map", "children", "tmp", "shm", "memfd", "sysv", "pipes", "locked");

  /** Those whose one line is no valid answer. */
  public static final List<String> INVALID =
      List.of(
          "nan",
          "infinity",
          "probability-1.7",
          "negative-probability",
          "wrong-shape",
          "twice-named",
          "huge-number",
          "not-json",
          "not-an-object",
          "deep-json");

  private static final Path ROOT = Path.of("target/models/hostile/root").toAbsolutePath();
  private static boolean built;

  private HostileModels() {}

  /** Builds them, or skips the test on a machine that cannot. */
  public static synchronized void build() throws Exception {
    Requires.that(Host.find("musl-gcc").isPresent(), "musl-gcc (apt-get install musl-tools)");
    if (!built) {
      Process build =
          new ProcessBuilder("tests/models/hostile/build")
              .redirectErrorStream(true)
              .redirectOutput(Path.of("target/hostile-build.log").toFile())
              .start();
      if (!build.waitFor(5, TimeUnit.MINUTES) || build.exitValue() != 0) {
        throw new IOException("see target/hostile-build.log");
      }
      built = true;
    }
  }

  /** A program and its arguments, as {@code memory children}. */
  public static ModelImage.Container image(String program) {
    List<String> words = List.of(("/model/" + program).split(" ", -1));
    // A mistyped name would crash, and so pass for a crash.
    if (!Files.isExecutable(ROOT.resolve(words.getFirst().substring(1)))) {
      throw new IllegalArgumentException("no such program: " + program);
    }
    return new ModelImage.Container(
        "sha256:" + "f".repeat(64),
        ROOT,
        words,
        List.of(),
        "/",
        Protocol.JSON_LINES,
        "hostile",
        "{}");
  }

  /** The disk of them all, made when it is first asked for. */
  static Disks disks(Host host) {
    return image -> {
      Path disk = host.folder().resolve("hostile.ext4");
      synchronized (HostileModels.class) {
        try {
          if (!Files.exists(disk)) {
            Ext4.make(ROOT, disk);
          }
          return disk;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }
}
