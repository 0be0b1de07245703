package org.clinisandbox.webhook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of one attempt. No text in it holds the URL, a secret or the body. */
public sealed interface SendResult {
  /** The receiver answered 2xx. */
  record Delivered(int status) implements SendResult {}

  /**
   * The receiver answered, but neither 2xx nor 410; 3xx is among these and is not followed.
   *
   * @param retryAfter how long the receiver asked to be left alone, if it did
   */
  record Rejected(int status, @Nullable Duration retryAfter) implements SendResult {}

  /** The receiver answered 410: it wants nothing more. */
  record EndpointGone() implements SendResult {}

  /** The guard refused the URL; nothing was dialled. */
  record Refused(String why) implements SendResult {}

  /** No answer came: no address, no connection, no TLS, no valid HTTP, or not in time. */
  record Unreachable(String why) implements SendResult {}
}
