package org.clinisandbox.sandbox.firecracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the stand-in refuses what Firecracker's jailer refuses. */
class StandInJailerTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--cgroup-vision 2 | Found argument '--cgroup-vision'",
        "--id a_b --exec-file FC --uid 9 --gid 9 | Invalid instance ID",
        "--id a --exec-file /bin/sh --uid 9 --gid 9 | must contain \"firecracker\"",
        "--id a --exec-file FC --uid x --gid 9 --chroot-base-dir /tmp | Invalid uid",
        "--id a --exec-file FC --uid 9 | Argument 'gid' required",
        "--id a --id b --exec-file FC --uid 9 --gid 9 | more than once",
        "--id a --exec-file FC --uid 9 --gid 9 --chroot-base-dir /none | canonicalize",
        "--id a --exec-file FC --uid 9 --gid 9 --chroot-base-dir /tmp --resource-limit as=1"
            + " | Invalid resource argument"
      })
  void what_the_jailer_does_not_take(String arguments, String why) throws Exception {
    StandIn.need();
    StandIn standIn = StandIn.in(folder);
    List<String> command = new ArrayList<>(List.of(standIn.jailer.toString()));
    command.addAll(
        List.of(arguments.strip().replace("FC", standIn.firecracker.toString()).split(" ", -1)));

    Process jailer = new ProcessBuilder(command).start();

    String said = new String(jailer.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jailer.waitFor()).isEqualTo(1);
    assertThat(said).contains(why);
  }
}
