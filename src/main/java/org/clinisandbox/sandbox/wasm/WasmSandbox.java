package org.clinisandbox.sandbox.wasm;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.Answer.Failure;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.Utf8;
import org.clinisandbox.sandbox.wasm.Conversation.End;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Memory;

/**
 * One guest on one platform thread. Whoever starts or asks waits here with the deadline and, when
 * that has passed, interrupts the thread: compiled code looks for it at each call and each jump
 * back.
 */
final class WasmSandbox implements Sandbox {
  private static final long STACK_BYTES = 4L << 20;
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Limits limits;
  private final HeapBudget budget;
  private final Conversation conversation;
  private final Guest guest;
  private final Thread thread;
  private final AtomicBoolean asked = new AtomicBoolean();
  private Duration readyTime = Duration.ZERO;
  private HeapBudget.@Nullable Share share;
  private boolean gone;

  private WasmSandbox(CompiledModule module, Limits limits, HeapBudget budget) {
    this.limits = limits;
    this.budget = budget;
    this.conversation = new Conversation(limits.outputBytes());
    this.guest = new Guest(module, conversation, pages(limits));
    this.thread =
        Thread.ofPlatform()
            .name("model")
            .daemon()
            .stackSize(STACK_BYTES)
            .inheritInheritableThreadLocals(false)
            .unstarted(this::live);
  }

  /**
   * @param started when the start began, as {@link System#nanoTime()}
   */
  static WasmSandbox start(
      CompiledModule module, Limits limits, Duration readyTimeout, HeapBudget budget, long started)
      throws SandboxException {
    budget.check(limits.memoryBytes());
    if (module.initialPages() > pages(limits)) {
      throw new SandboxException(
          Kind.IMAGE_REFUSED,
          "The module begins with %d KiB of memory, above its limit of %d KiB; raise limits.memory."
              .formatted(module.initialPages() * 64L, limits.memoryBytes() >> 10));
    }
    WasmSandbox sandbox = new WasmSandbox(module, limits, budget);
    sandbox.hold(budget.take(limits.memoryBytes()));
    sandbox.thread.start();
    @Nullable String trouble;
    try {
      boolean ready = sandbox.conversation.awaitReady(readyTimeout.toNanos());
      sandbox.readyTime = Duration.ofNanos(System.nanoTime() - started);
      trouble = ready ? null : sandbox.whyNotReady(readyTimeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      trouble = "the start was interrupted";
    }
    if (trouble != null) {
      sandbox.close();
      throw new SandboxException(Kind.NOT_READY, "The model did not get ready: " + trouble + ".");
    }
    sandbox.release();
    return sandbox;
  }

  private static int pages(Limits limits) {
    return (int) Math.min(Memory.RUNTIME_MAX_PAGES, limits.memoryBytes() / Memory.PAGE_SIZE);
  }

  /** The guest thread's whole life. */
  private void live() {
    End end = End.TRAPPED;
    try {
      end = guest.run();
    } finally {
      synchronized (this) {
        gone = true;
      }
      release();
      conversation.ended(end);
    }
  }

  private synchronized void hold(HeapBudget.Share taken) {
    share = taken;
    if (gone) {
      taken.close();
    }
  }

  private synchronized void release() {
    if (share != null) {
      share.close();
    }
  }

  private String whyNotReady(Duration readyTimeout) {
    String violation = conversation.violation();
    if (violation != null) {
      return violation;
    }
    if (guest.wasRefusedMemory()) {
      return "it asked for more memory than its limit of %d KiB"
          .formatted(limits.memoryBytes() >> 10);
    }
    return conversation.hasEnded()
        ? "it ended without a ready line"
        : "it printed no ready line within " + readyTimeout.toMillis() + " ms";
  }

  @Override
  public Duration readyTime() {
    return readyTime;
  }

  @Override
  public boolean isWaiting() {
    return conversation.isWaiting();
  }

  @Override
  public long heldBytes() {
    return guest.heldBytes();
  }

  @Override
  public Answer ask(byte[] request) {
    if (!asked.compareAndSet(false, true)) {
      throw new IllegalStateException("a sandbox answers once");
    }
    hold(budget.take(limits.memoryBytes()));
    long started = System.nanoTime();
    End end = null;
    boolean interrupted = false;
    conversation.ask(request);
    try {
      end = conversation.awaitEnd(limits.timeout().toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      interrupted = true;
    }
    boolean cancelled = interrupted || conversation.isClosed();
    Duration runTime = Duration.ofNanos(System.nanoTime() - started);
    close();
    Failure failure = cancelled ? Failure.CANCELLED : failure(end);
    byte[] reply = conversation.reply();
    return failure == null && reply != null
        ? new Answer.Replied(reply, conversation.stderr(), runTime)
        : new Answer.Failed(
            failure == null ? Failure.CRASHED : failure, conversation.stderr(), runTime);
  }

  /** What is wrong with how the guest ended; null when nothing is. */
  private @Nullable Failure failure(@Nullable End end) {
    if (conversation.violation() != null) {
      return Failure.BAD_OUTPUT;
    }
    byte[] reply = conversation.reply();
    return switch (end) {
      case null -> guest.wasRefusedMemory() ? Failure.OUT_OF_MEMORY : Failure.TIMEOUT;
      case NO_HEAP -> Failure.OUT_OF_MEMORY;
      case TRAPPED, EXITED_BADLY, STOPPED ->
          guest.wasRefusedMemory() ? Failure.OUT_OF_MEMORY : Failure.CRASHED;
      case EXITED_WELL -> {
        if (conversation.hasHalfLine() || (reply != null && Utf8.decode(reply) == null)) {
          yield Failure.BAD_OUTPUT;
        }
        yield reply != null
            ? null
            : guest.wasRefusedMemory() ? Failure.OUT_OF_MEMORY : Failure.CRASHED;
      }
    };
  }

  @Override
  public void close() {
    conversation.close();
    thread.interrupt();
    try {
      thread.join(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
