package org.clinisandbox.sandbox.guest;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one model, held to the protocol: a ready line, one request, one reply, the end.
 * The thread that reads from the guest and the one that asks meet here.
 */
final class Conversation {
  private static final int READY_LIMIT = 256;
  private static final BigInteger MOST_HELD = BigInteger.valueOf(Long.MAX_VALUE);
  private static final String READY_LINE = "{\"ready\":true}";

  private enum Phase {
    STARTING,
    WAITING,
    ASKED,
    REPLIED
  }

  /** How a model ended. */
  sealed interface End {
    /** As its guest says. */
    record Exited(boolean well, boolean metMemoryLimit) implements End {}

    /** The guest could not do its part. */
    record Fault(String sentence) implements End {}

    /** The guest is gone, or told something that it may not. */
    record Lost() implements End {}
  }

  private final int outputLimit;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Phase phase;
  private boolean ticked;
  private long heldBytes;
  private @Nullable String violation;
  private byte @Nullable [] reply;
  private @Nullable End end;

  /**
   * @param outputLimit of the reply line and, separately, of stderr, in bytes
   * @param ready whether the ready line was read before, from the machine that this is a clone of
   */
  Conversation(int outputLimit, boolean ready) {
    this.outputLimit = outputLimit;
    this.phase = ready ? Phase.WAITING : Phase.STARTING;
  }

  /** Reader: bytes from stdout. False when they break the protocol. */
  synchronized boolean out(byte[] bytes) {
    if (bytes.length == 0) {
      return true;
    }
    switch (phase) {
      case STARTING -> {
        byte[] line = line(bytes, READY_LIMIT);
        if (line != null) {
          if (new String(line, StandardCharsets.UTF_8).replaceAll("\\s", "").equals(READY_LINE)) {
            phase = Phase.WAITING;
          } else {
            violation = "its first line was not " + READY_LINE;
          }
        }
      }
      case WAITING -> violation = "it wrote to stdout before it was asked";
      case ASKED -> {
        reply = line(bytes, outputLimit);
        if (reply != null) {
          phase = Phase.REPLIED;
        }
      }
      case REPLIED -> violation = "it wrote to stdout after its reply";
    }
    notifyAll();
    return violation == null;
  }

  /** Adds to the line in the making; the whole line when it has come to its end. */
  private byte @Nullable [] line(byte[] bytes, int limit) {
    int length = 0;
    while (length < bytes.length && bytes[length] != '\n') {
      length++;
    }
    if (out.size() + length > limit) {
      violation = "its line is longer than " + limit + " bytes";
      return null;
    }
    out.write(bytes, 0, length);
    if (length == bytes.length) {
      return null;
    }
    if (length + 1 < bytes.length) {
      violation = "it wrote more than one line";
      return null;
    }
    byte[] line = out.toByteArray();
    out.reset();
    return line;
  }

  /** Reader: bytes from stderr; what is beyond the limit is dropped. */
  synchronized void err(byte[] bytes) {
    err.write(bytes, 0, Math.min(bytes.length, outputLimit - err.size()));
  }

  /** Reader: the guest took the tick. */
  synchronized void ticked() {
    ticked = true;
    notifyAll();
  }

  /** Reader: how much memory the model holds from now on, where only its guest can count that. */
  synchronized void holds(byte[] number) {
    heldBytes = new BigInteger(1, number).min(MOST_HELD).longValue();
  }

  /**
   * Memory that the model holds, as its guest says; 0 when it has ended or its guest says nothing.
   */
  synchronized long heldBytes() {
    return end == null ? heldBytes : 0;
  }

  /** Reader: the last that will be heard. Only the first such word counts. */
  synchronized void ended(End how) {
    if (end == null) {
      end = how;
      notifyAll();
    }
  }

  /** Whether the model waits for its request, and after a tick whether the guest took that. */
  synchronized boolean awaitReady(boolean tick, long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    while (end == null && violation == null && (phase == Phase.STARTING || (tick && !ticked))) {
      if (!pause(deadline)) {
        return false;
      }
    }
    return end == null && violation == null;
  }

  synchronized void asked() {
    if (phase == Phase.WAITING) {
      phase = Phase.ASKED;
    }
  }

  /** How the model ended; null when it did not within this time. */
  synchronized @Nullable End awaitEnd(long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    while (end == null && violation == null) {
      if (!pause(deadline)) {
        return null;
      }
    }
    return end;
  }

  private boolean pause(long deadline) throws InterruptedException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    TimeUnit.NANOSECONDS.timedWait(this, left);
    return true;
  }

  synchronized boolean isWaiting() {
    return phase == Phase.WAITING && end == null && violation == null;
  }

  synchronized @Nullable End end() {
    return end;
  }

  /** What the model did against the protocol; null when nothing. */
  synchronized @Nullable String violation() {
    return violation;
  }

  /** The reply line; null when none was completed. */
  synchronized byte @Nullable [] reply() {
    return reply;
  }

  /** Whether stdout ends in a line without an end. */
  synchronized boolean hasHalfLine() {
    return out.size() > 0;
  }

  synchronized byte[] stderr() {
    return err.toByteArray();
  }
}
