package org.clinisandbox.sandbox.wasm;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.clinisandbox.sandbox.guest.Deadline;
import org.clinisandbox.sandbox.host.ConfinedProcess;
import org.clinisandbox.sandbox.host.Host;
import org.jspecify.annotations.Nullable;

/**
 * One child JVM. It connects to a socket of this process in a folder that only it can enter: once
 * when it is ready, and again for each byte on its standard input, so that a fresh connection is
 * always there. A connection is a sandbox.
 */
final class ChildProcess implements AutoCloseable {
  private static final String SOCKET = "s";
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final long LOOK_MILLIS = 50;
  private static final int LONGEST_PATH = 100;
  private static final AtomicLong COUNT = new AtomicLong();

  private final ConfinedProcess process;
  private final ServerSocketChannel server;
  private final SynchronousQueue<SocketChannel> connections = new SynchronousQueue<>();
  private final CountDownLatch connected = new CountDownLatch(1);
  private final AtomicInteger sandboxes = new AtomicInteger();
  private final AtomicReference<@Nullable Deadline> idling = new AtomicReference<>();

  private volatile boolean killed;

  private ChildProcess(ConfinedProcess process, ServerSocketChannel server) {
    this.process = process;
    this.server = server;
    var _ = process.process().onExit().thenRun(this::stopListening);
    Thread.ofPlatform().name("wasm-connections").daemon().start(this::accept);
  }

  /**
   * Starts one and waits until it is ready.
   *
   * @throws IOException when it cannot be started, with the reason in a sentence
   */
  static ChildProcess start(ChildCommand command) throws IOException {
    Host host = command.host();
    Path folder = Files.createDirectory(host.folder().resolve("wasm-" + COUNT.incrementAndGet()));
    Path socket = folder.resolve(SOCKET);
    if (socket.toString().length() > LONGEST_PATH) {
      throw new IOException("the path " + folder + " is too long for a socket; use a shorter one");
    }
    Host.permit(folder, "rwx------");
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    ChildProcess child;
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
      int user = host.newUser();
      if (host.isRoot()) {
        Host.permit(socket, "rw-rw-rw-");
        Host.permit(folder, "r-x------");
        Files.setAttribute(folder, "unix:uid", user);
      }
      child = new ChildProcess(host.start(command.confinement(folder, SOCKET), user), server);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    child.awaitReady();
    return child;
  }

  private void awaitReady() throws IOException {
    boolean interrupted = false;
    boolean ready = false;
    try {
      ready = connected.await(START.toSeconds(), TimeUnit.SECONDS) && isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      interrupted = true;
    }
    if (!ready) {
      String complaint = process.complaint().strip();
      close();
      throw new IOException(
          interrupted
              ? "the start was interrupted"
              : complaint.isEmpty() ? "the process for modules did not get ready" : complaint);
    }
  }

  /** Takes connections from the child until it, or this process, has had enough. */
  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        connected.countDown();
        connections.put(channel);
      }
    } catch (IOException | InterruptedException e) {
      connected.countDown();
    }
  }

  /** A fresh connection; null when the child is no more, or does not give one. */
  @Nullable SocketChannel connect() throws InterruptedException {
    long deadline = System.nanoTime() + CONNECT.toNanos();
    SocketChannel channel = null;
    while (channel == null && isAlive()) {
      channel = connections.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      if (channel == null && System.nanoTime() > deadline) {
        kill();
      }
    }
    if (channel != null) {
      order();
    }
    return channel;
  }

  private synchronized void order() {
    try {
      OutputStream orders = process.process().getOutputStream();
      orders.write(1);
      orders.flush();
    } catch (IOException e) {
      // It is gone, which whoever uses the connection will see.
    }
  }

  /** One more sandbox is to be in it. */
  void entered() {
    sandboxes.incrementAndGet();
  }

  /** One of its sandboxes is gone; whether that was the last. */
  boolean left() {
    return sandboxes.decrementAndGet() == 0;
  }

  int sandboxes() {
    return sandboxes.get();
  }

  /** What is to happen when it has had nothing to do for long, in place of what was before. */
  void replaceIdling(@Nullable Deadline next) {
    Deadline before = idling.getAndSet(next);
    if (before != null) {
      before.close();
    }
  }

  boolean isAlive() {
    return !killed && process.process().isAlive();
  }

  long pid() {
    return process.process().pid();
  }

  /** Ends it with all its sandboxes, without waiting for it. */
  void kill() {
    killed = true;
    process.kill();
  }

  private void stopListening() {
    try {
      server.close();
    } catch (IOException e) {
      // It has no more use.
    }
  }

  /** Ends it, waits for that, and removes what there was of it. */
  @Override
  public void close() {
    process.close();
    stopListening();
    replaceIdling(null);
  }
}
