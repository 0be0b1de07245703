package org.clinisandbox.sandbox.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.TestHost;
import org.junit.jupiter.api.Assumptions;

/** The JVMs of a backend's children, as /proc shows them. */
final class ChildJvms {
  private ChildJvms() {}

  /** A backend with these bounds and no more than one child. */
  static WasmBackend backend(Duration readyTimeout, long memoryBudget) {
    return new WasmBackend(TestHost.HOST, readyTimeout, memoryBudget, 1, Duration.ofMinutes(5));
  }

  /** Their process numbers; jails and what else is around them are left out. */
  static List<Long> of(WasmBackend backend) {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self")), "There is no /proc here.");
    return backend.children().stream()
        .flatMap(child -> ProcessHandle.of(child.pid()).stream())
        .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
        .map(ProcessHandle::pid)
        .filter(pid -> read(pid, "cmdline").matches("(?s)[^\0]*/java\0.*"))
        .toList();
  }

  static String read(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc/" + pid, file));
    } catch (IOException e) {
      return "";
    }
  }

  /** How many models have a thread. */
  static long models(WasmBackend backend) {
    return of(backend).stream()
        .flatMap(pid -> list(Path.of("/proc/" + pid + "/task")).stream())
        .filter(
            task -> {
              try {
                return Files.readString(task.resolve("comm")).strip().equals("model");
              } catch (IOException e) {
                return false;
              }
            })
        .count();
  }

  static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Waits as long as the test may last. */
  static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertThat(Thread.interrupted()).as("the test's time is up").isFalse();
      Thread.onSpinWait();
    }
  }
}
