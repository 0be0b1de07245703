package org.clinisandbox.sandbox.wasm;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.guest.Deadline;
import org.clinisandbox.sandbox.guest.Enclosure;
import org.clinisandbox.sandbox.guest.Frame;
import org.jspecify.annotations.Nullable;

/**
 * One sandbox in a child. When this end says no more, the child ends the guest and closes the other
 * end. A child that does not is ended itself, with all its sandboxes.
 */
final class Connection implements Enclosure {
  private static final Duration COMPILE = Duration.ofSeconds(60);
  private static final Duration LAST_WORDS = Duration.ofSeconds(4);
  private static final int PART = 1 << 20;
  private static final int LARGEST_ANSWER = 1 << 12;

  private final Children children;
  private final ChildProcess child;
  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;
  private final AtomicReference<@Nullable Deadline> ending = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  Connection(Children children, Children.Place place) {
    this.children = children;
    this.child = place.child();
    this.channel = place.channel();
    this.in = new BufferedInputStream(Channels.newInputStream(channel));
    this.out = Channels.newOutputStream(channel);
  }

  /**
   * Hands the module over and has it compiled, if it was not before.
   *
   * @return what memory it begins with, in bytes; empty when the child is no more
   * @throws SandboxException when it is refused
   */
  OptionalLong load(byte[] module) throws SandboxException {
    try (Deadline deadline = Deadline.of(COMPILE, child::kill)) {
      Frame answer = exchange(module);
      if (answer != null && answer.type() == Frame.MEMORY && answer.payload().length == 8) {
        return OptionalLong.of(ByteBuffer.wrap(answer.payload()).getLong());
      }
      if (answer != null && answer.type() == Frame.FAULT) {
        throw new SandboxException(
            Kind.IMAGE_REFUSED,
            new String(answer.payload(), StandardCharsets.UTF_8).replaceAll("[^ -~]", " "));
      }
      if (deadline.hasPassed()) {
        throw new SandboxException(
            Kind.IMAGE_REFUSED,
            "The module was not compiled within " + COMPILE.toSeconds() + " s; make it smaller.");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new SandboxException(Kind.NOT_READY, "The start was interrupted.");
      }
      child.kill();
      return OptionalLong.empty();
    }
  }

  /** What the child says to the module; null when it is gone. */
  private @Nullable Frame exchange(byte[] module) {
    try {
      for (int from = 0; from < module.length; from += PART) {
        int to = Math.min(module.length, from + PART);
        new Frame(Frame.MODULE, Arrays.copyOfRange(module, from, to)).write(out);
      }
      new Frame(Frame.MODULE, new byte[0]).write(out);
      return Frame.read(new DataInputStream(in), LARGEST_ANSWER);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public InputStream fromGuest() {
    return in;
  }

  @Override
  public OutputStream toGuest() {
    return out;
  }

  @Override
  public void kill() {
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      // The other end is gone.
    }
    if (!closed.get() && ending.get() == null) {
      Deadline made = Deadline.of(LAST_WORDS, child::kill);
      if (!ending.compareAndSet(null, made)) {
        made.close();
      }
    }
  }

  /** What the kernel ends is a whole child, for no fault of the one model. */
  @Override
  public boolean metMemoryLimit() {
    return false;
  }

  /** The guest says itself what it holds. */
  @Override
  public long heldBytes() {
    return 0;
  }

  @Override
  public String complaint() {
    return child.isAlive() ? "" : "the process it ran in has ended";
  }

  @Override
  public void close() {
    kill();
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try (channel) {
      ByteBuffer rest = ByteBuffer.allocate(LARGEST_ANSWER);
      while (channel.read(rest) >= 0) {
        rest.clear();
      }
    } catch (IOException e) {
      // It has ended.
    }
    Deadline over = ending.get();
    if (over != null) {
      over.close();
    }
    children.left(child);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
