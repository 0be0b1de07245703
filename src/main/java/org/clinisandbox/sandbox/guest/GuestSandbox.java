package org.clinisandbox.sandbox.guest;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Answer.Failure;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.Utf8;
import org.clinisandbox.sandbox.guest.Conversation.End;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox in which a guest carries the model's streams, whatever its walls are made of. One
 * thread reads from the guest; whoever starts or asks waits with the deadline, and then the walls
 * fall.
 */
public final class GuestSandbox implements Sandbox {
  private static final int LARGEST_FRAME = 1 << 16;
  private static final int FRESH_BYTES = 32;
  private static final int NOT_PRINTED_BEYOND = 300;
  private static final long READER_STACK = 128L << 10;

  /** The deadline ends every wait. */
  private static final long WITHOUT_END = Long.MAX_VALUE / 2;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Enclosure enclosure;
  private final Limits limits;
  private final Conversation conversation;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private Duration readyTime = Duration.ZERO;

  private GuestSandbox(Enclosure enclosure, Limits limits, boolean cloned) {
    this.enclosure = enclosure;
    this.limits = limits;
    this.conversation = new Conversation(limits.outputBytes(), cloned);
    Thread.ofPlatform()
        .name("guest")
        .daemon()
        .stackSize(READER_STACK)
        .inheritInheritableThreadLocals(false)
        .start(this::read);
  }

  /**
   * Has the guest start the model and waits for the ready line. The enclosure is this sandbox's
   * from now on: it is closed here when the model does not get ready.
   *
   * @param readyTimeout how long that may take
   * @param started when the start began, as {@link System#nanoTime()}
   */
  public static GuestSandbox start(
      Enclosure enclosure, GuestSetup setup, Limits limits, Duration readyTimeout, long started)
      throws SandboxException {
    GuestSandbox sandbox = new GuestSandbox(enclosure, limits, false);
    sandbox.begin(setup.frame(), false, readyTimeout, started);
    return sandbox;
  }

  /**
   * Goes on with a guest whose model is ready since before it was cloned: gives it the time and
   * fresh randomness, and waits until it has taken both.
   */
  public static GuestSandbox resume(
      Enclosure enclosure, Limits limits, Duration readyTimeout, long started)
      throws SandboxException {
    GuestSandbox sandbox = new GuestSandbox(enclosure, limits, true);
    byte[] fresh = new byte[FRESH_BYTES];
    RANDOM.nextBytes(fresh);
    Instant now = Instant.now();
    ByteBuffer tick = ByteBuffer.allocate(Long.BYTES + FRESH_BYTES);
    tick.putLong(now.getEpochSecond() * 1_000_000_000L + now.getNano()).put(fresh);
    sandbox.begin(new Frame(Frame.TICK, tick.array()), true, readyTimeout, started);
    return sandbox;
  }

  private void begin(Frame first, boolean tick, Duration readyTimeout, long started)
      throws SandboxException {
    String trouble;
    try (Deadline deadline = Deadline.of(readyTimeout, enclosure::kill)) {
      send(first);
      boolean ready = conversation.awaitReady(tick, WITHOUT_END);
      readyTime = Duration.ofNanos(System.nanoTime() - started);
      trouble = ready ? null : whyNotReady(deadline.hasPassed(), readyTimeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      trouble = "the start was interrupted";
    }
    if (trouble != null) {
      close();
      throw new SandboxException(Kind.NOT_READY, "The model did not get ready: " + trouble + ".");
    }
  }

  /** A guest that takes nothing has ended, which its reader will see. */
  private void send(Frame frame) {
    try {
      frame.write(enclosure.toGuest());
    } catch (IOException e) {
      enclosure.kill();
    }
  }

  private String whyNotReady(boolean timedOut, Duration readyTimeout) {
    if (conversation.violation() != null) {
      return conversation.violation();
    }
    if (timedOut) {
      return "it printed no ready line within " + readyTimeout.toMillis() + " ms";
    }
    if (metMemoryLimit(conversation.end())) {
      return "it needed more memory than its limit of " + (limits.memoryBytes() >> 10) + " KiB";
    }
    if (conversation.end() instanceof End.Fault(String sentence)) {
      return sentence;
    }
    String complaint = printable(enclosure.complaint());
    return complaint.isEmpty() ? "it ended without a ready line" : complaint;
  }

  private static String printable(String text) {
    String plain = text.replaceAll("[^ -~]+", " ").strip().replaceFirst("\\.$", "");
    return plain.substring(0, Math.min(plain.length(), NOT_PRINTED_BEYOND));
  }

  /** The reader's whole life: until the guest says its last word, or breaks a rule. */
  private void read() {
    End end = new End.Lost();
    try {
      DataInputStream stream = new DataInputStream(enclosure.fromGuest());
      boolean good = true;
      while (good) {
        Frame frame = Frame.read(stream, LARGEST_FRAME);
        if (frame == null) {
          return;
        }
        switch (frame.type()) {
          case Frame.OUT -> good = conversation.out(frame.payload());
          case Frame.ERR -> conversation.err(frame.payload());
          case Frame.TICK -> conversation.ticked();
          case Frame.MEMORY -> conversation.holds(frame.payload());
          default -> {
            end = lastWord(frame);
            return;
          }
        }
      }
    } catch (IOException e) {
      // Its last word stays unheard: lost.
    } finally {
      conversation.ended(end);
      if (!isFollowedByClosing(end)) {
        enclosure.kill();
      }
    }
  }

  /**
   * Whether its model ended after it was asked: nothing runs on inside, and whoever has the answer
   * closes the sandbox. To end it now would have the answer wait for that.
   */
  private boolean isFollowedByClosing(End end) {
    return end instanceof End.Exited && asked.get();
  }

  private static End lastWord(Frame frame) {
    byte[] word = frame.payload();
    return switch (frame.type()) {
      case Frame.EXIT ->
          word.length == 3
              ? new End.Exited(word[0] == 0 && word[1] == 0, word[2] != 0)
              : new End.Lost();
      case Frame.FAULT ->
          new End.Fault("the guest says: " + printable(new String(word, StandardCharsets.UTF_8)));
      default -> new End.Lost();
    };
  }

  @Override
  public Duration readyTime() {
    return readyTime;
  }

  @Override
  public boolean isWaiting() {
    return conversation.isWaiting() && !closed.get();
  }

  @Override
  public long heldBytes() {
    return Math.max(
        enclosure.heldBytes(), Math.min(conversation.heldBytes(), limits.memoryBytes()));
  }

  @Override
  public Answer ask(byte[] request) {
    if (!asked.compareAndSet(false, true)) {
      throw new IllegalStateException("a sandbox answers once");
    }
    long started = System.nanoTime();
    boolean timedOut;
    try (Deadline deadline = Deadline.of(limits.timeout(), enclosure::kill)) {
      conversation.asked();
      send(new Frame(Frame.REQUEST, request));
      try {
        conversation.awaitEnd(WITHOUT_END);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      timedOut = deadline.hasPassed();
    }
    Duration runTime = Duration.ofNanos(System.nanoTime() - started);
    // An interruption may also have cut the request off.
    boolean cancelled = Thread.currentThread().isInterrupted() || closed.get();
    Failure failure = cancelled ? Failure.CANCELLED : failure(timedOut);
    byte[] reply = conversation.reply();
    return failure == null && reply != null
        ? new Answer.Replied(reply, conversation.stderr(), runTime)
        : new Answer.Failed(
            failure == null ? Failure.CRASHED : failure, conversation.stderr(), runTime);
  }

  /** What is wrong with how the model ended; null when nothing is. */
  private @Nullable Failure failure(boolean timedOut) {
    if (conversation.violation() != null) {
      return Failure.BAD_OUTPUT;
    }
    End end = conversation.end();
    byte[] reply = conversation.reply();
    // An answer of a model that lost a part of itself is none, even if it says so with exit 0.
    if (metMemoryLimit(end)) {
      return Failure.OUT_OF_MEMORY;
    }
    if (end instanceof End.Exited(boolean well, boolean _) && well && !timedOut) {
      if (conversation.hasHalfLine() || (reply != null && Utf8.decode(reply) == null)) {
        return Failure.BAD_OUTPUT;
      }
      if (reply != null) {
        return null;
      }
    }
    return timedOut ? Failure.TIMEOUT : Failure.CRASHED;
  }

  private boolean metMemoryLimit(@Nullable End end) {
    return (end instanceof End.Exited exited && exited.metMemoryLimit())
        || enclosure.metMemoryLimit();
  }

  @Override
  public void close() {
    closed.set(true);
    enclosure.close();
  }
}
