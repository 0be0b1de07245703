package org.clinisandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Processor time that processes and everything below them have used, the ended ones too. Linux. */
final class ProcessorTime {
  private static final double TICKS_A_SECOND = 100;

  private ProcessorTime() {}

  /** Seconds of these processes and of all that they started; of those that are gone, none. */
  static double seconds(List<Long> pids) {
    return pids.stream()
            .flatMap(pid -> ProcessHandle.of(pid).stream())
            .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
            .mapToLong(ProcessorTime::ticks)
            .sum()
        / TICKS_A_SECOND;
  }

  /** User and system time, its own and that of its children that ended. */
  private static long ticks(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      List<String> fields =
          List.of(
              stat.substring(stat.lastIndexOf(')') + 2).toLowerCase(Locale.ROOT).split(" ", 20));
      return fields.subList(11, 15).stream().mapToLong(Long::parseLong).sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
