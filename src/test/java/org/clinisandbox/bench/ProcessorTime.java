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

  /** Seconds of this process, of a PostgreSQL's and of all that they started. */
  static double seconds(Path postmasterPid) throws IOException {
    long postmaster = Long.parseLong(Files.readAllLines(postmasterPid).getFirst().trim());
    long ticks = 0;
    for (ProcessHandle root :
        List.of(ProcessHandle.current(), ProcessHandle.of(postmaster).orElseThrow())) {
      ticks +=
          Stream.concat(Stream.of(root), root.descendants()).mapToLong(ProcessorTime::ticks).sum();
    }
    return ticks / TICKS_A_SECOND;
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
