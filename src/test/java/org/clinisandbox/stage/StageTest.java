package org.clinisandbox.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTest {
  @TempDir private Path folder;

  private interface Recorded {
    void run() throws IOException;
  }

  private List<RecordedEvent> events(Recorded work) throws IOException {
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(StageEvent.NAME);
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(StageEvent.NAME))
        .toList();
  }

  @Test
  void a_stage_is_recorded_with_its_name_and_its_job() throws Exception {
    UUID job = UUID.randomUUID();

    List<RecordedEvent> events =
        events(
            () -> {
              assertThat(Stage.JSON.<Integer, RuntimeException>time(() -> 7)).isEqualTo(7);
              assertThat(Stage.MODEL.<Integer, RuntimeException>time(job, () -> 8)).isEqualTo(8);
            });

    assertThat(events)
        .extracting(event -> event.getString("stage"))
        .containsExactly("json", "model");
    assertThat(events.get(0).getString("job")).isNull();
    assertThat(events.get(1).getString("job")).isEqualTo(job.toString());
  }

  @Test
  void a_stage_that_fails_is_recorded_and_its_failure_goes_on() throws Exception {
    List<RecordedEvent> events =
        events(
            () ->
                assertThatThrownBy(
                        () ->
                            Stage.COMMIT.time(
                                () -> {
                                  throw new IOException("the disk");
                                }))
                    .hasMessage("the disk"));

    assertThat(events).extracting(event -> event.getString("stage")).containsExactly("commit");
  }

  @Test
  void a_recording_says_nothing_else() throws Exception {
    List<RecordedEvent> events = events(() -> Stage.READ.<Integer, RuntimeException>time(() -> 7));

    assertThat(events.getFirst().getFields())
        .extracting(ValueDescriptor::getName)
        .containsExactlyInAnyOrder(
            "startTime", "duration", "eventThread", "stackTrace", "stage", "job");
    assertThat(events.getFirst().getStackTrace()).isNull();
  }
}
