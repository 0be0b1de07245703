package org.clinisandbox.sandbox.wasm.child;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.clinisandbox.sandbox.guest.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Between one guest's thread and those of its connection: the request on its way in, one piece of
 * output at a time on its way out.
 *
 * <p>They meet under this object's monitor and no other lock: the JVM leaves a monitor even when a
 * guest's stack overflows inside, so a hostile guest cannot keep it. For the same reason a guest's
 * thread touches no channel, and leaves what it says in a field.
 */
final class Streams {
  private final GuestStop stop = new GuestStop();
  private byte @Nullable [] request;
  private int requestRead;
  private boolean wroteLine;
  private boolean closed;
  private char saidOn;
  private byte @Nullable [] said;
  private long heldBytes;
  private boolean heldBytesChanged;
  private @Nullable Frame lastWord;

  /**
   * Guest: up to {@code max} bytes of its request; none at its end. Waits for the request.
   *
   * @return null when nobody will ever send one, because no line was written before
   */
  synchronized byte @Nullable [] read(int max) {
    if (!wroteLine) {
      return null;
    }
    byte[] line = awaitRequest();
    int length = Math.min(max, line.length - requestRead);
    byte[] chunk = Arrays.copyOfRange(line, requestRead, requestRead + length);
    requestRead += length;
    return chunk;
  }

  private synchronized byte[] awaitRequest() {
    try {
      byte[] line = request;
      while (line == null) {
        stopIfClosed();
        wait();
        line = request;
      }
      return line;
    } catch (InterruptedException e) {
      throw stop;
    }
  }

  /**
   * Guest: bytes for one of its streams. Waits until what it said before is on its way.
   *
   * @param stream as a frame's type
   */
  synchronized void say(char stream, byte[] bytes) {
    try {
      while (said != null) {
        stopIfClosed();
        wait();
      }
    } catch (InterruptedException e) {
      throw stop;
    }
    for (int i = 0; stream == Frame.OUT && !wroteLine && i < bytes.length; i++) {
      wroteLine = bytes[i] == '\n';
    }
    saidOn = stream;
    said = bytes;
    notifyAll();
  }

  private void stopIfClosed() {
    if (closed) {
      throw stop;
    }
  }

  /** Guest: ends it when it was interrupted. */
  void stopIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw stop;
    }
  }

  /** Guest: how much memory it holds from now on. */
  synchronized void holds(long bytes) {
    heldBytes = bytes;
    heldBytesChanged = true;
    notifyAll();
  }

  /** Guest: the last that will be heard of it. */
  synchronized void ended(Frame word) {
    lastWord = word;
    notifyAll();
  }

  /** Host: the request line, with its end. */
  synchronized void ask(byte[] line) {
    request = line;
    notifyAll();
  }

  /** Host: it listens no more; a guest that waits ends. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Host: what to send next; waits for it. */
  synchronized Frame next() throws InterruptedException {
    while (!heldBytesChanged && said == null && lastWord == null) {
      wait();
    }
    if (heldBytesChanged) {
      heldBytesChanged = false;
      return new Frame(Frame.MEMORY, ByteBuffer.allocate(Long.BYTES).putLong(heldBytes).array());
    }
    if (said != null) {
      Frame frame = new Frame(saidOn, said);
      said = null;
      notifyAll();
      return frame;
    }
    if (lastWord == null) {
      throw new IllegalStateException("woken for nothing");
    }
    return lastWord;
  }
}
