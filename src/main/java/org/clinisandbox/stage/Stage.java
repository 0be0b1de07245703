package org.clinisandbox.stage;

import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stage of a job's way, in their order. While somebody records with JDK Flight Recorder each is
 * an event {@code org.clinisandbox.Stage} with its name, its job and how long it took; else timing
 * costs nothing.
 */
public enum Stage {
  READ,
  JSON,
  VALIDATION,
  VERDICT,
  KEYS,
  SEAL,
  COMMIT,
  LEASE,
  OPEN,
  SANDBOX,
  MODEL,
  CHECK,
  STORE,
  WEBHOOK;

  /**
   * What is done in a stage.
   *
   * @param <T> what it comes to
   * @param <E> what it may fail with
   */
  public interface Work<T extends @Nullable Object, E extends Exception> {
    T done() throws E;
  }

  /** Does what there is no job for yet. */
  public <T extends @Nullable Object, E extends Exception> T time(Work<T, E> work) throws E {
    return timed(null, work);
  }

  /** Does a job's work; how it ends, well or not, is no matter here. */
  public <T extends @Nullable Object, E extends Exception> T time(UUID job, Work<T, E> work)
      throws E {
    return timed(job, work);
  }

  private <T extends @Nullable Object, E extends Exception> T timed(
      @Nullable UUID job, Work<T, E> work) throws E {
    StageEvent event = new StageEvent();
    event.begin();
    try {
      return work.done();
    } finally {
      event.end();
      if (event.shouldCommit()) {
        event.stage = label();
        event.job = job == null ? null : job.toString();
        event.commit();
      }
    }
  }

  /** Its name in recordings. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
