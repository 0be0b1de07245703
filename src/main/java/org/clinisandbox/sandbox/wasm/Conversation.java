package org.clinisandbox.sandbox.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The three streams of one guest, held to the protocol: a ready line, one request, one reply.
 *
 * <p>Guest and host meet here, under this object's monitor and no other lock: the JVM leaves a
 * monitor even when a guest's stack overflows inside, so a hostile guest cannot keep it.
 */
final class Conversation {
  private static final int READY_LIMIT = 256;
  private static final String READY_LINE = "{\"ready\":true}";

  private enum Phase {
    STARTING,
    WAITING,
    ASKED,
    REPLIED
  }

  private final GuestStop stop = new GuestStop();
  private final int outputLimit;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Phase phase = Phase.STARTING;
  private byte[] request = {};
  private int requestRead;
  private boolean closed;
  private @Nullable String violation;
  private byte @Nullable [] reply;
  private @Nullable End end;

  /** How a guest ended. */
  enum End {
    EXITED_WELL,
    EXITED_BADLY,
    TRAPPED,
    /** It broke the protocol or was told to stop. */
    STOPPED,
    /** The JVM had no heap left for it. */
    NO_HEAP
  }

  /**
   * @param outputLimit of the reply line and, separately, of stderr, in bytes
   */
  Conversation(int outputLimit) {
    this.outputLimit = outputLimit;
  }

  /** Guest: up to {@code max} bytes of its request; none at its end. Waits for the request. */
  synchronized byte[] read(int max) {
    if (phase == Phase.STARTING) {
      throw violated("it read its request before its ready line was written; flush stdout first");
    }
    try {
      while (phase == Phase.WAITING && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      throw stop;
    }
    if (closed) {
      throw stop;
    }
    int length = Math.min(max, request.length - requestRead);
    byte[] chunk = Arrays.copyOfRange(request, requestRead, requestRead + length);
    requestRead += length;
    return chunk;
  }

  /** Guest: bytes for stdout. */
  synchronized void print(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    switch (phase) {
      case STARTING -> {
        byte[] line = line(bytes, READY_LIMIT);
        if (line != null) {
          if (!new String(line, StandardCharsets.UTF_8).replaceAll("\\s", "").equals(READY_LINE)) {
            throw violated("its first line was not " + READY_LINE);
          }
          phase = Phase.WAITING;
          notifyAll();
        }
      }
      case WAITING -> throw violated("it wrote to stdout before it was asked");
      case ASKED -> {
        reply = line(bytes, outputLimit);
        if (reply != null) {
          phase = Phase.REPLIED;
        }
      }
      case REPLIED -> throw violated("it wrote to stdout after its reply");
    }
  }

  /** Adds to the line in the making; the whole line when it has come to its end. */
  private byte @Nullable [] line(byte[] bytes, int limit) {
    int length = 0;
    while (length < bytes.length && bytes[length] != '\n') {
      length++;
    }
    if (out.size() + length > limit) {
      throw violated("its line is longer than " + limit + " bytes");
    }
    out.write(bytes, 0, length);
    if (length == bytes.length) {
      return null;
    }
    if (length + 1 < bytes.length) {
      throw violated("it wrote more than one line");
    }
    byte[] line = out.toByteArray();
    out.reset();
    return line;
  }

  /** Guest: bytes for stderr; what is beyond the limit is dropped. */
  synchronized void complain(byte[] bytes) {
    err.write(bytes, 0, Math.min(bytes.length, outputLimit - err.size()));
  }

  /** Guest: its last word. */
  synchronized void ended(End how) {
    end = how;
    notifyAll();
  }

  private GuestStop violated(String what) {
    violation = what;
    return stop;
  }

  /** Host: whether the ready line came, within this time and before the guest's end. */
  synchronized boolean awaitReady(long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    while (phase == Phase.STARTING && end == null) {
      if (!pause(deadline)) {
        return false;
      }
    }
    return phase != Phase.STARTING && violation == null;
  }

  /** Host: hands the request over, with its line's end. */
  synchronized void ask(byte[] line) {
    if (phase == Phase.WAITING) {
      request = Arrays.copyOf(line, line.length + 1);
      request[line.length] = '\n';
      phase = Phase.ASKED;
      notifyAll();
    }
  }

  /** Host: how the guest ended; null when it did not within this time. */
  synchronized @Nullable End awaitEnd(long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    while (end == null) {
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

  /** Host: no more reading; a guest that waits for its request ends. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized boolean isWaiting() {
    return phase == Phase.WAITING && end == null && !closed;
  }

  synchronized boolean hasEnded() {
    return end != null;
  }

  /** What the guest did against the protocol; null when nothing. */
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
