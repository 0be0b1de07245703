package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.clinisandbox.sandbox.Digest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was unpacked, as kept beside it: on the first line the digest of all that follows, on the
 * second what to start, then the inventory.
 */
record Unpacked(Launch launch, List<String> inventory) {
  void write(Path file) throws IOException {
    ObjectNode start = Json.MAPPER.createObjectNode();
    launch.arguments().forEach(start.putArray("arguments")::add);
    launch.environment().forEach(start.putArray("environment")::add);
    start.put("working_folder", launch.workingFolder());
    String body =
        Json.MAPPER.writeValueAsString(start) + "\n" + String.join("\n", inventory) + "\n";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Files.writeString(file, Digest.of(bytes) + "\n" + body);
  }

  /** Reads it back; null when it is not as it was written. */
  static @Nullable Unpacked read(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    String body = text.substring(end + 1);
    if (end < 0
        || !text.substring(0, end).equals(Digest.of(body.getBytes(StandardCharsets.UTF_8)))) {
      return null;
    }
    List<String> lines = body.lines().toList();
    JsonNode start =
        Json.read(
            lines.getFirst().getBytes(StandardCharsets.UTF_8), "the record of what it starts");
    Launch launch =
        new Launch(
            Json.texts(start, "arguments"),
            Json.texts(start, "environment"),
            Json.required(start, "working_folder"));
    return new Unpacked(launch, lines.subList(1, lines.size()));
  }

  /** The first line that differs, as it is now or else as it was; null when none does. */
  @Nullable String difference(List<String> now) {
    Iterator<String> before = inventory.iterator();
    for (String line : now) {
      if (!before.hasNext() || !before.next().equals(line)) {
        return line;
      }
    }
    return before.hasNext() ? before.next() : null;
  }
}
