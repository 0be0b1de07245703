package org.clinisandbox.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.clinisandbox.sandbox.contract.Requires;

/** Programs of the system that some tests need. */
final class Needs {
  private static final List<String> FOLDERS = List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin");

  private Needs() {}

  /** Skips a test that needs a program which is not here; in CI it fails. */
  static void programs(String... names) {
    for (String name : names) {
      Requires.that(
          FOLDERS.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, name))),
          "This test needs the program " + name + "; install it.");
    }
  }

  /** Runs a program, which must succeed; returns what it printed. */
  static String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PATH", String.join(":", FOLDERS));
    Path errors = Files.createTempFile("errors", ".txt");
    try {
      Process process = builder.redirectError(errors.toFile()).start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor())
          .as(String.join(" ", command) + "\n" + Files.readString(errors))
          .isZero();
      return printed;
    } finally {
      Files.delete(errors);
    }
  }
}
