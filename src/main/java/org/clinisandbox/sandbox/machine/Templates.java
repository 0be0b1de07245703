package org.clinisandbox.sandbox.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.SandboxException.Kind;

/**
 * Machines that are frozen with their model ready, one for each model. Whoever needs one first
 * builds it, others wait for that. Beyond a bound those that nobody uses are dropped, least
 * recently used first. Safe for many threads.
 */
public final class Templates<T extends Templates.Template> implements AutoCloseable {
  private final long most;
  private final Map<Key, Entry<T>> entries = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /** One frozen machine. */
  public interface Template extends AutoCloseable {
    /** What it counts towards the bound; 1 where templates are just counted. */
    default long weight() {
      return 1;
    }

    /** Removes all there is of it. */
    @Override
    void close();
  }

  /** What a frozen machine is good for. */
  public record Key(ModelImage.Container image, long memoryBytes, int cpus) {
    public static Key of(ModelImage.Container image, Limits limits) {
      return new Key(image, limits.memoryBytes(), limits.cpus());
    }
  }

  /** Makes a frozen machine. */
  @FunctionalInterface
  public interface Builder<T> {
    T build() throws SandboxException;
  }

  /** A frozen machine that stays while this is open. */
  public final class Lease implements AutoCloseable {
    private final Entry<T> entry;
    private final T template;

    private Lease(Entry<T> entry, T template) {
      this.entry = entry;
      this.template = template;
    }

    public T template() {
      return template;
    }

    @Override
    public void close() {
      release(entry);
    }
  }

  private static final class Entry<T extends Template> {
    final CompletableFuture<T> template = new CompletableFuture<>();
    int users = 1;
    long usedAt = System.nanoTime();

    long weight() {
      return template.isDone() && !template.isCompletedExceptionally()
          ? template.join().weight()
          : 0;
    }
  }

  /**
   * None yet.
   *
   * @param most the weight to keep of all together
   */
  public Templates(long most) {
    this.most = most;
  }

  /**
   * The frozen machine of this model, built now if there is none.
   *
   * @throws SandboxException when it cannot be built; the next who asks tries again
   */
  public Lease take(Key key, Builder<T> builder) throws SandboxException {
    Entry<T> entry;
    boolean first;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the templates are closed");
      }
      Entry<T> known = entries.get(key);
      first = known == null;
      if (known == null) {
        entry = new Entry<>();
        entries.put(key, entry);
      } else {
        entry = known;
        entry.users++;
      }
    }
    if (first) {
      build(key, entry, builder);
    }
    return await(entry);
  }

  private void build(Key key, Entry<T> entry, Builder<T> builder) {
    try {
      entry.template.complete(builder.build());
    } catch (SandboxException | RuntimeException e) {
      synchronized (this) {
        entries.remove(key);
      }
      entry.template.completeExceptionally(e);
    }
  }

  private Lease await(Entry<T> entry) throws SandboxException {
    try {
      return new Lease(entry, entry.template.get());
    } catch (ExecutionException e) {
      release(entry);
      if (e.getCause() instanceof SandboxException trouble) {
        throw new SandboxException(trouble.kind(), String.valueOf(trouble.getMessage()));
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      release(entry);
      Thread.currentThread().interrupt();
      throw new SandboxException(Kind.NOT_READY, "The start was interrupted.");
    }
  }

  private void release(Entry<T> entry) {
    List<T> dropped;
    synchronized (this) {
      entry.users--;
      entry.usedAt = System.nanoTime();
      dropped = drop(closed ? 0 : most);
    }
    dropped.forEach(Template::close);
  }

  /** Takes out what nobody uses, until no more than this weight is left. */
  private List<T> drop(long left) {
    long weight = entries.values().stream().mapToLong(Entry::weight).sum();
    List<T> dropped = new ArrayList<>();
    Iterator<Entry<T>> oldest = entries.values().iterator();
    while (weight > left && oldest.hasNext()) {
      Entry<T> next = oldest.next();
      if (next.users == 0) {
        oldest.remove();
        weight -= next.weight();
        dropped.add(next.template.join());
      }
    }
    return dropped;
  }

  /** Drops what nobody uses and nobody has used for so long. */
  public void dropUnused(Duration idle) {
    List<T> dropped = new ArrayList<>();
    synchronized (this) {
      long since = System.nanoTime() - idle.toNanos();
      for (Iterator<Entry<T>> each = entries.values().iterator(); each.hasNext(); ) {
        Entry<T> next = each.next();
        if (next.users == 0 && next.usedAt - since <= 0) {
          each.remove();
          dropped.add(next.template.join());
        }
      }
    }
    dropped.forEach(Template::close);
  }

  /** Drops all; those in use when their last user is done. */
  @Override
  public void close() {
    List<T> dropped;
    synchronized (this) {
      closed = true;
      dropped = drop(0);
    }
    dropped.forEach(Template::close);
  }
}
