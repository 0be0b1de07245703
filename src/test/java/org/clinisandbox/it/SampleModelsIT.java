package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sample models' cases, which hold the published numbers, each in a sandbox of its own. */
class SampleModelsIT {
  @TempDir Path logs;

  @ParameterizedTest
  @CsvSource({
    "news2, 100",
    "qsofa, 20",
    "ckd-epi-2021, 40",
    "kfre-4, 35",
    "kfre-8, 50",
    "ascvd-pce, 80",
    "fib-4, 10"
  })
  void every_case_passes(String model, int atLeast) throws InterruptedException {
    Node test = Node.start(logs, Map.of(), "models", "test", "models/" + model);

    assertThat(test.exitCode()).as(test.stdout() + test.stderr()).isZero();
    assertThat(test.stdout()).contains(" 0 failed").doesNotContain("FAILED");
    assertThat(test.stdout().lines().filter(line -> line.startsWith("passed")).count())
        .isGreaterThanOrEqualTo(atLeast);
  }
}
