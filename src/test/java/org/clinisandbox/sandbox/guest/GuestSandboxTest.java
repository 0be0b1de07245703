package org.clinisandbox.sandbox.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Sandbox;
import org.junit.jupiter.api.Test;

/** When a sandbox is ended by itself, without anybody who closes it. */
class GuestSandboxTest {
  private static final Limits LIMITS = new Limits(64 << 20, 1, Duration.ofSeconds(30), 64 << 10);
  private static final String READY = "echo '{\"ready\":true}'; ";

  /** The guest program within no walls. */
  private static final class Bare implements Enclosure {
    final CountDownLatch killed = new CountDownLatch(1);
    private final Process guest;

    Bare() throws IOException {
      guest = new ProcessBuilder(GuestProcess.PROGRAM.toString()).start();
    }

    boolean isKilledSoon() throws InterruptedException {
      return killed.await(20, TimeUnit.SECONDS);
    }

    @Override
    public InputStream fromGuest() {
      return guest.getInputStream();
    }

    @Override
    public OutputStream toGuest() {
      return guest.getOutputStream();
    }

    @Override
    public void kill() {
      guest.destroyForcibly();
      killed.countDown();
    }

    @Override
    public boolean metMemoryLimit() {
      return false;
    }

    @Override
    public long heldBytes() {
      return 0;
    }

    @Override
    public String complaint() {
      return "";
    }

    @Override
    public void close() {
      kill();
    }
  }

  private static Sandbox start(Bare bare, String script) throws Exception {
    GuestSetup setup =
        new GuestSetup(
            Protocol.JSON_LINES,
            List.of("/bin/sh", "-c", READY + script),
            List.of("PATH=/usr/bin:/bin"),
            "/",
            LIMITS.memoryBytes(),
            GuestSetup.PROCESSES,
            GuestSetup.tmpBytes(LIMITS),
            "model",
            "{}");
    return GuestSandbox.start(bare, setup, LIMITS, LIMITS.timeout(), System.nanoTime());
  }

  @Test
  void an_answer_does_not_wait_until_its_sandbox_is_ended() throws Exception {
    Bare bare = new Bare();
    try (Sandbox sandbox = start(bare, "read -r line; echo '{}'")) {
      assertThat(sandbox.ask("{}".getBytes(UTF_8))).isInstanceOf(Answer.Replied.class);
      assertThat(bare.killed.getCount()).as("not ended before it is closed").isOne();
    }
    assertThat(bare.killed.getCount()).isZero();
  }

  @Test
  void one_whose_model_ends_unasked_is_ended() throws Exception {
    Bare bare = new Bare();
    try (Sandbox sandbox = start(bare, "read -r line")) {
      bare.guest.children().forEach(ProcessHandle::destroyForcibly);
      assertThat(bare.isKilledSoon()).isTrue();
      assertThat(sandbox.isWaiting()).isFalse();
    }
  }

  @Test
  void one_whose_model_breaks_the_protocol_is_ended() throws Exception {
    Bare bare = new Bare();
    try (Sandbox sandbox = start(bare, "read -r line; printf 'a\\nb\\n'; sleep 60")) {
      assertThat(sandbox.ask("{}".getBytes(UTF_8))).isInstanceOf(Answer.Failed.class);
      assertThat(bare.isKilledSoon()).isTrue();
    }
  }
}
