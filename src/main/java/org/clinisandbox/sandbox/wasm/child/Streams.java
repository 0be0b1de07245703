package org.clinisandbox.sandbox.wasm.child;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.clinisandbox.sandbox.guest.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Between one guest's thread and those of its connection: the request on its way in, a little
 * output on its way out.
 *
 * <p>They meet under this object's monitor and no other lock: the JVM leaves a monitor even when a
 * guest's stack overflows inside, so a hostile guest cannot keep it. For the same reason a guest's
 * thread touches no channel, and what it says is there from the one assignment of its length on.
 */
final class Streams {
  /** Bytes that a guest can say at one time. */
  static final int CAPACITY = 1 << 14;

  private final GuestStop stop = new GuestStop();
  private byte @Nullable [] request;
  private int requestRead;
  private int lines;
  private boolean closed;
  private char saidOn;
  private final byte[] said = new byte[CAPACITY];
  private int saidLength;
  private long heldBytes;
  private boolean heldBytesChanged;
  private @Nullable Frame lastWord;

  /**
   * Guest: up to {@code max} bytes of its request; none at its end. Waits for the request.
   *
   * @return null when nobody will ever send one, because no line was written before
   */
  synchronized byte @Nullable [] read(int max) {
    if (lines == 0) {
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
   * Guest: bytes for one of its streams, at most {@link #CAPACITY}. Waits until there is room.
   *
   * @param stream as a frame's type
   */
  synchronized void say(char stream, byte[] bytes) {
    try {
      while (!hasRoom(stream, bytes.length)) {
        stopIfClosed();
        wait();
      }
    } catch (InterruptedException e) {
      throw stop;
    }
    for (int i = 0; stream == Frame.OUT && i < bytes.length; i++) {
      lines += bytes[i] == '\n' ? 1 : 0;
    }
    System.arraycopy(bytes, 0, said, saidLength, bytes.length);
    saidOn = stream;
    saidLength += bytes.length;
    notifyAll();
  }

  /** What follows a line of stdout is not joined to it, so that the host sees which was first. */
  private boolean hasRoom(char stream, int length) {
    return saidLength == 0
        || (stream == saidOn
            && saidLength + length <= CAPACITY
            && (stream != Frame.OUT || said[saidLength - 1] != '\n'));
  }

  /** Whether it wrote its ready line and a reply. */
  synchronized boolean hasReplied() {
    return lines > 1;
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
    while (!heldBytesChanged && saidLength == 0 && lastWord == null) {
      wait();
    }
    if (heldBytesChanged) {
      heldBytesChanged = false;
      return new Frame(Frame.MEMORY, ByteBuffer.allocate(Long.BYTES).putLong(heldBytes).array());
    }
    if (saidLength > 0) {
      Frame frame = new Frame(saidOn, Arrays.copyOf(said, saidLength));
      saidLength = 0;
      notifyAll();
      return frame;
    }
    if (lastWord == null) {
      throw new IllegalStateException("woken for nothing");
    }
    return lastWord;
  }
}
