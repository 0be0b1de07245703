package org.clinisandbox.sandbox.wasm;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.guest.Deadline;
import org.clinisandbox.sandbox.host.Host;
import org.jspecify.annotations.Nullable;

/**
 * The child JVMs of one backend. A sandbox goes to the one that has the fewest; while there may be
 * more and each has some, another is started in the background. One that died is replaced when it
 * is missed; one that had nothing to do for a while ends, but for the last.
 */
final class Children implements AutoCloseable {
  private static final int ATTEMPTS = 3;

  private final Host host;
  private final Path jar;
  private final long heapBytes;
  private final int most;
  private final Duration idle;
  private final List<ChildProcess> children = new ArrayList<>();
  private volatile Optional<Path> bwrap;
  private volatile String withoutJail = "bubblewrap is not installed";
  private boolean startedOne;
  private @Nullable FutureTask<ChildProcess> starting;
  private boolean closed;

  /**
   * @param heapBytes of each at most
   * @param most how many at one time
   * @param idle how long one may have nothing to do
   * @param bwrap what puts a jail around each; empty when this host has none
   */
  Children(Host host, long heapBytes, int most, Duration idle, Optional<Path> bwrap) {
    this.bwrap = bwrap;
    this.host = host;
    this.jar = host.folder().resolve("modules-" + host.newName() + ".jar");
    this.heapBytes = heapBytes;
    this.most = most;
    this.idle = idle;
  }

  /** A child, and a connection to it that nobody had. */
  record Place(ChildProcess child, SocketChannel channel) {}

  /**
   * A fresh place. Whoever has it says when it was left.
   *
   * @throws SandboxException when no child can be started
   */
  Place take() throws SandboxException {
    String trouble = "each ended at once";
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        ChildProcess child = choose();
        SocketChannel channel = null;
        try {
          channel = child.connect();
        } finally {
          if (channel == null) {
            left(child);
          }
        }
        if (channel != null) {
          return new Place(child, channel);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      trouble = "the start was interrupted";
    } catch (ExecutionException e) {
      trouble = String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage());
    }
    throw new SandboxException(
        Kind.HOST_FAILED, "No process for WebAssembly modules can be started: " + trouble + ".");
  }

  /** The child for one more sandbox, which is counted there from now on. */
  private ChildProcess choose() throws InterruptedException, ExecutionException {
    ChildProcess chosen = fewest();
    if (chosen == null) {
      chosen = begin().get();
      chosen.entered();
    } else if (chosen.sandboxes() > 1) {
      beginIfRoom();
    }
    return chosen;
  }

  private @Nullable ChildProcess fewest() {
    List<ChildProcess> dead;
    Optional<ChildProcess> found;
    synchronized (this) {
      dead = children.stream().filter(child -> !child.isAlive()).toList();
      children.removeAll(dead);
      found = children.stream().min(Comparator.comparingInt(ChildProcess::sandboxes));
      found.ifPresent(ChildProcess::entered);
    }
    dead.forEach(ChildProcess::close);
    return found.orElse(null);
  }

  private synchronized void beginIfRoom() {
    if (children.size() < most) {
      var _ = begin();
    }
  }

  /** Starts one in the background, unless that is being done. */
  private synchronized FutureTask<ChildProcess> begin() {
    FutureTask<ChildProcess> task = starting;
    if (task == null) {
      task = new FutureTask<>(this::start);
      starting = task;
      Thread.ofPlatform().name("wasm-child").daemon().start(task);
    }
    return task;
  }

  private ChildProcess start() throws IOException {
    ChildProcess child = null;
    try {
      child = jailedWherePossible();
      return child;
    } finally {
      synchronized (this) {
        if (child != null) {
          children.add(child);
        }
        starting = null;
        notifyAll();
      }
    }
  }

  /** Without a jail only where this host has never let one be made. */
  private ChildProcess jailedWherePossible() throws IOException {
    synchronized (this) {
      if (closed) {
        throw new IOException("the backend is closed");
      }
    }
    if (!Files.exists(jar)) {
      ChildJar.write(jar);
      Host.permit(jar, "r--r--r--");
    }
    ChildProcess child;
    try {
      child = ChildProcess.start(new ChildCommand(host, jar, heapBytes, bwrap));
    } catch (IOException e) {
      if (startedOne || bwrap.isEmpty()) {
        throw e;
      }
      withoutJail = "bubblewrap may not make one: " + e.getMessage();
      bwrap = Optional.empty();
      child = ChildProcess.start(new ChildCommand(host, jar, heapBytes, bwrap));
    }
    startedOne = true;
    return child;
  }

  /** Why the children are in no jail; empty when they are in one, as far as is known. */
  Optional<String> withoutJail() {
    return bwrap.isPresent() ? Optional.empty() : Optional.of(withoutJail);
  }

  /** One sandbox of this child is gone. */
  void left(ChildProcess child) {
    if (child.left()) {
      child.replaceIdling(Deadline.of(idle, () -> endIfIdle(child)));
    }
  }

  private synchronized void endIfIdle(ChildProcess child) {
    if (child.sandboxes() == 0 && children.stream().filter(ChildProcess::isAlive).count() > 1) {
      child.kill();
    }
  }

  synchronized List<ChildProcess> all() {
    return List.copyOf(children);
  }

  /** Ends them all. */
  @Override
  public void close() {
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      while (starting != null) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    all().forEach(ChildProcess::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
