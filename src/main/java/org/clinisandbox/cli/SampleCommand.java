package org.clinisandbox.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a sample request. */
@Command(
    name = "sample",
    description = "Prints a file of tests/payloads with its time marks turned into times.")
final class SampleCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "For instance sepsis_valid.")
  String name = "";

  @Override
  public Integer call() {
    System.out.print(Samples.read(name, Instant.now()));
    return 0;
  }
}
