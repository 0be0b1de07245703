package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.clinisandbox.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flight recording of a whole server shows where a job's time went. */
class StagesIT {
  @TempDir private Path folder;

  @Test
  void every_stage_of_a_job_is_recorded_once_and_in_order() throws Exception {
    Path recording = folder.resolve("up.jfr");
    String options = "-XX:StartFlightRecording:filename=" + recording;
    String job;
    String delivery;
    try (Receiver receiver = new Receiver();
        Node up =
            Node.start(
                folder,
                Map.of("JDK_JAVA_OPTIONS", options),
                "up",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString())) {
      Client client = new Client(up.line("server"));
      job = client.accepted(Client.payload("sepsis_valid").put("callback_url", receiver.url()));
      receiver.next();
      do {
        Node.pause();
        delivery = client.get("/v1/jobs/" + job).body().at("/deliveries/0/status").asString();
      } while (delivery.equals("pending"));
    }
    assertThat(delivery).isEqualTo("delivered");

    List<RecordedEvent> stages =
        RecordingFile.readAllEvents(recording).stream()
            .filter(event -> event.getEventType().getName().equals("org.clinisandbox.Stage"))
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .toList();

    assertThat(stages)
        .extracting(event -> event.getString("stage"))
        .containsExactlyElementsOf(Stream.of(Stage.values()).map(Stage::label).toList());
    assertThat(stages)
        .extracting(event -> event.getString("job"))
        .filteredOn(Objects::nonNull)
        .hasSize(9)
        .containsOnly(job);
  }
}
