package org.clinisandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process, as the kernel counts it. */
final class Resident {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final long before;

  private Resident(long before) {
    this.before = before;
  }

  /** Forgets the peak there was. */
  static Resident begin() throws IOException {
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    return new Resident(kibibytes("VmRSS"));
  }

  /** By how many MiB there was more at any time since. */
  long growth() throws IOException {
    return (kibibytes("VmHWM") - before) >> 10;
  }

  private static long kibibytes(String name) throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
