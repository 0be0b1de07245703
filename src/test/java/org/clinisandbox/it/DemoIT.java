package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that people try first. */
class DemoIT {
  @TempDir Path logs;

  @Test
  void the_demo_tells_the_whole_story() throws InterruptedException {
    Node demo = Node.start(logs, Map.of(), "demo");

    assertThat(demo.exitCode()).as(demo.stderr()).isZero();
    assertThat(demo.stdout()).contains("NEWS2 score 10", "verified: {", "Every step held.");
  }

  @Test
  void the_doctor_starts_a_sandbox_of_each_backend() throws InterruptedException {
    Node doctor = Node.start(logs, Map.of(), "doctor", "--json");

    assertThat(doctor.exitCode()).as(doctor.stderr()).isZero();
    assertThat(doctor.stdout())
        .contains("\"name\":\"wasm\",\"isolation\":\"wasm\",\"available\":true");
  }

  @Test
  void a_vendor_tests_a_model_without_a_server() throws InterruptedException {
    Node test = Node.start(logs, Map.of(), "models", "test", "models/fib-4");

    assertThat(test.exitCode()).as(test.stdout()).isZero();
    assertThat(test.stdout()).contains(" 0 failed");
  }

  @Test
  void a_sample_is_printed_with_its_marks_turned_into_times() throws InterruptedException {
    Node sample = Node.start(logs, Map.of(), "sample", "sepsis_valid");

    assertThat(sample.exitCode()).isZero();
    assertThat(sample.stdout()).doesNotContain("@NOW").contains("\"model_key\"");
  }

  @Test
  void unknown_words_are_usage_errors_and_unknown_settings_stop_the_start()
      throws InterruptedException {
    assertThat(Node.start(logs, Map.of(), "fly").exitCode()).isEqualTo(2);
    Node node = Node.start(logs, Map.of("CLINISANDBOX_COLOUR", "red"), "up");
    assertThat(node.exitCode()).isEqualTo(1);
    assertThat(node.stderr()).contains("There is no setting CLINISANDBOX_COLOUR");
    Node sample = Node.start(logs, Map.of(), "sample", "unknown");
    assertThat(sample.exitCode()).isEqualTo(1);
    assertThat(sample.stderr()).hasLineCount(1);
  }
}
