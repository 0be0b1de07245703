package org.clinisandbox.sandbox.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** QEMU's control channel, by its machine protocol (QMP). Trusts nothing that QEMU says. */
final class Monitor implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST = 1 << 16;

  private final Caller qemu;
  private final long deadline;
  private final ByteArrayOutputStream unread = new ByteArrayOutputStream();

  private Monitor(Caller qemu, long deadline) {
    this.qemu = qemu;
    this.deadline = deadline;
  }

  /**
   * Listens for a QEMU that is about to be started.
   *
   * @param user whom QEMU runs as
   * @param deadline of everything that is asked here, as {@link System#nanoTime()}
   */
  static Monitor listen(Path socket, int user, long deadline) throws IOException {
    return new Monitor(Caller.listen(socket, user), deadline);
  }

  /** Waits for QEMU's greeting and takes it up. */
  void open() throws IOException {
    if (!next().has("QMP")) {
      throw new IOException("QEMU's control channel speaks another protocol");
    }
    ask("qmp_capabilities", Map.of());
  }

  /**
   * Has a command done.
   *
   * @throws IOException when QEMU refuses it or does not answer
   */
  JsonNode ask(String command, Map<String, ?> arguments) throws IOException {
    qemu.write(
        JSON.writeValueAsBytes(Map.of("execute", command, "arguments", arguments)), deadline);
    while (true) {
      JsonNode answer = next();
      if (answer.has("return")) {
        return answer.path("return");
      }
      if (answer.has("error")) {
        throw new IOException("QEMU refused " + command);
      }
    }
  }

  private JsonNode next() throws IOException {
    while (true) {
      String text = unread.toString(UTF_8);
      int end = text.indexOf('\n');
      if (end >= 0) {
        unread.reset();
        unread.writeBytes(text.substring(end + 1).getBytes(UTF_8));
        return parse(text.substring(0, end));
      }
      if (unread.size() > LONGEST || !qemu.read(unread, deadline)) {
        throw new IOException("QEMU's control channel broke");
      }
    }
  }

  private static JsonNode parse(String line) throws IOException {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw new IOException("QEMU's control channel broke", e);
    }
  }

  /** QEMU has ended: whoever waits for it is told at once. */
  void gone() {
    qemu.gone();
  }

  @Override
  public void close() {
    qemu.close();
  }
}
