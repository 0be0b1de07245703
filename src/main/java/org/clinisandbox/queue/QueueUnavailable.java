package org.clinisandbox.queue;

/** Redis did not answer, or answered with an error. Work goes on by polling the database. */
public final class QueueUnavailable extends Exception {
  QueueUnavailable(Throwable cause) {
    super("Redis is not available: " + cause.getClass().getSimpleName(), cause);
  }
}
