package org.clinisandbox.sandbox.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitorTest {
  private static final String GREETING = "{\"QMP\":{}}\r\n";

  @TempDir Path folder;
  private Path socket;
  private Monitor monitor;
  private SocketChannel qemu;

  @BeforeEach
  void call() throws Exception {
    socket = folder.resolve("monitor");
    monitor = Monitor.listen(socket, 0, deadline(Duration.ofSeconds(30)));
    qemu = SocketChannel.open(UnixDomainSocketAddress.of(socket));
  }

  @AfterEach
  void close() throws Exception {
    monitor.close();
    qemu.close();
  }

  private static long deadline(Duration after) {
    return System.nanoTime() + after.toNanos();
  }

  private void say(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      qemu.write(bytes);
    }
  }

  @Test
  void answers_are_told_from_events() throws Exception {
    say(GREETING + "{\"return\":{}}\n{\"event\":\"STOP\"}\n{\"return\":{\"status\":\"paused\"}}\n");
    monitor.open();

    assertThat(monitor.ask("query-status", Map.of()).path("status").asString()).isEqualTo("paused");
  }

  @Test
  void what_is_refused_is_an_error() throws Exception {
    say(GREETING + "{\"return\":{}}\n{\"error\":{}}\n");
    monitor.open();

    assertThatThrownBy(() -> monitor.ask("migrate", Map.of())).hasMessage("QEMU refused migrate");
  }

  @Test
  void a_line_without_end_is_not_read_for_ever() throws Exception {
    Thread talker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    say("x".repeat(1 << 22));
                  } catch (IOException e) {
                    // The other end has had enough.
                  }
                });

    assertThatThrownBy(() -> monitor.open()).isInstanceOf(IOException.class);
    monitor.close();
    talker.join();
  }

  @Test
  void what_is_no_json_is_an_error() throws Exception {
    say("{\n");

    assertThatThrownBy(() -> monitor.open()).isInstanceOf(IOException.class);
  }

  @Test
  void silence_ends_with_the_deadline() throws Exception {
    try (Monitor waiting =
        Monitor.listen(folder.resolve("silent"), 0, deadline(Duration.ofMillis(50)))) {
      assertThatThrownBy(waiting::open).hasMessage("QEMU did not answer in time");
    }
  }

  @Test
  void the_end_of_qemu_ends_the_waiting() throws Exception {
    try (Monitor waiting =
        Monitor.listen(folder.resolve("gone"), 0, deadline(Duration.ofHours(1)))) {
      waiting.gone();

      assertThatThrownBy(waiting::open).hasMessage("QEMU ended");
    }
  }

  @Test
  void only_one_may_call_and_only_its_user() throws Exception {
    say(GREETING + "{\"return\":{}}\n");
    monitor.open();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> SocketChannel.open(UnixDomainSocketAddress.of(socket)))
        .isInstanceOf(IOException.class);
  }
}
