package org.clinisandbox.sandbox.qemu;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The frozen machines that are kept. One is made when it is asked for first; whoever asks meanwhile
 * waits for it. Beyond the bounds those go that were not asked for the longest. Safe for many
 * threads.
 */
final class Templates implements AutoCloseable {
  private final long mostBytes;
  private final Duration idle;
  private final Clock clock;

  /** Least recently asked for first. */
  private final Map<Key, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  private boolean closed;

  /** What a machine is made for, and what it is made of. */
  record Key(ModelImage.Container image, long memoryBytes, int cpus) {}

  /** How one is made. */
  @FunctionalInterface
  interface Maker {
    Template make() throws SandboxException;
  }

  private static final class Kept {
    final FutureTask<Template> made;
    Instant asked;

    Kept(FutureTask<Template> made, Instant asked) {
      this.made = made;
      this.asked = asked;
    }

    /** The template; null while it is being made, and when it could not be. */
    @Nullable Template template() {
      return made.state() == FutureTask.State.SUCCESS ? made.resultNow() : null;
    }
  }

  /**
   * @param mostBytes of memory that all of them may come to hold; one is kept nevertheless
   * @param idle after so long without being asked for one goes
   */
  Templates(long mostBytes, Duration idle, Clock clock) {
    this.mostBytes = mostBytes;
    this.idle = idle;
    this.clock = clock;
  }

  /**
   * The template for this, in use: whoever asked releases it.
   *
   * @throws SandboxException when it cannot be made; the next who asks tries again
   */
  Template use(Key key, Maker maker) throws SandboxException {
    while (true) {
      Template template = get(key, maker);
      if (template.use()) {
        return template;
      }
    }
  }

  private Template get(Key key, Maker maker) throws SandboxException {
    Kept found = find(key, maker);
    found.made.run();
    try {
      Template template = found.made.get();
      close(surplus(key));
      return template;
    } catch (ExecutionException e) {
      remove(key, found);
      if (e.getCause() instanceof SandboxException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException(Kind.NOT_READY, "The start was interrupted.");
    }
  }

  private synchronized Kept find(Key key, Maker maker) {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
    Kept found =
        kept.computeIfAbsent(
            key, absent -> new Kept(new FutureTask<>(maker::make), clock.instant()));
    found.asked = clock.instant();
    return found;
  }

  private synchronized void remove(Key key, Kept failed) {
    kept.remove(key, failed);
  }

  private synchronized List<Template> surplus(Key asked) {
    long bytes = 0;
    for (Kept one : kept.values()) {
      Template template = one.template();
      bytes += template == null ? 0 : template.mostBytes();
    }
    List<Template> surplus = new ArrayList<>();
    Iterator<Map.Entry<Key, Kept>> oldest = kept.entrySet().iterator();
    while (bytes > mostBytes && oldest.hasNext()) {
      Map.Entry<Key, Kept> next = oldest.next();
      Template template = next.getValue().template();
      if (template != null && !next.getKey().equals(asked)) {
        oldest.remove();
        bytes -= template.mostBytes();
        surplus.add(template);
      }
    }
    return surplus;
  }

  /** Lets go of those that nobody has asked for of late. */
  void dropIdle() {
    List<Template> dropped = new ArrayList<>();
    synchronized (this) {
      Instant since = clock.instant().minus(idle);
      for (Iterator<Kept> each = kept.values().iterator(); each.hasNext(); ) {
        Kept next = each.next();
        Template template = next.template();
        if (template != null && next.asked.isBefore(since)) {
          each.remove();
          dropped.add(template);
        }
      }
    }
    close(dropped);
  }

  private static void close(List<Template> templates) {
    templates.forEach(Template::close);
  }

  /** How many are kept. */
  synchronized int size() {
    return kept.size();
  }

  /** Lets go of all. One that is being made ends when it is done. */
  @Override
  public void close() {
    List<Kept> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(kept.values());
      kept.clear();
    }
    for (Kept one : all) {
      Template template = one.template();
      if (template != null) {
        template.close();
      }
    }
  }
}
