package org.clinisandbox.sandbox.wasm;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.clinisandbox.sandbox.SandboxException;

/**
 * What the models that run at one time may reach together. Their memory is this JVM's heap, so a
 * running model holds its whole limit: however many grow at once, the JVM itself does not run out.
 * One that waits for its patient cannot grow and holds nothing.
 */
final class HeapBudget {
  private static final int UNIT = 1 << 20;

  private final int units;
  private final Semaphore free;

  HeapBudget(long bytes) {
    this.units = (int) Math.min(Integer.MAX_VALUE, bytes / UNIT);
    this.free = new Semaphore(units, true);
  }

  void check(long bytes) throws SandboxException {
    if (units(bytes) > units) {
      throw new SandboxException(
          SandboxException.Kind.LIMIT_TOO_HIGH,
          "The model's limits.memory of %d MiB is above the %d MiB that this process has for WebAssembly models; lower it, or give the process more heap (-Xmx), half of which is theirs."
              .formatted(units(bytes), units));
    }
  }

  /** Waits until there is room; those who run end within their own deadlines. */
  Share take(long bytes) {
    int wanted = units(bytes);
    free.acquireUninterruptibly(wanted);
    return new Share(wanted);
  }

  private static int units(long bytes) {
    return Math.toIntExact((bytes + UNIT - 1) / UNIT);
  }

  /** To be given back once; giving it back again does nothing. */
  final class Share implements AutoCloseable {
    private final int held;
    private final AtomicBoolean given = new AtomicBoolean();

    private Share(int held) {
      this.held = held;
    }

    @Override
    public void close() {
      if (given.compareAndSet(false, true)) {
        free.release(held);
      }
    }
  }
}
