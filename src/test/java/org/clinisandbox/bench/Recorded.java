package org.clinisandbox.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import tools.jackson.databind.JsonNode;

/** What a flight recording has of the rounds of one row. */
final class Recorded {
  private Recorded() {}

  private record Window(Instant from, Instant to) {
    boolean has(RecordedEvent event) {
      return !event.getStartTime().isBefore(from) && event.getEndTime().isBefore(to);
    }
  }

  static Stream<RecordedEvent> events(Path recording, String name, JsonNode row)
      throws IOException {
    List<Window> windows =
        row.path("rounds")
            .valueStream()
            .map(
                round ->
                    new Window(
                        Instant.parse(round.path("from").asString()),
                        Instant.parse(round.path("to").asString())))
            .toList();
    return RecordingFile.readAllEvents(recording).stream()
        .filter(event -> event.getEventType().getName().equals(name))
        .filter(event -> windows.stream().anyMatch(window -> window.has(event)));
  }
}
