package org.clinisandbox.webhook;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * Sends one signed message (Standard Webhooks 1.0) to a receiver that nobody trusts. Every message
 * has a connection of its own, so that a slow receiver holds up nobody else's.
 */
public final class WebhookSender {
  /** The contract's limit for a whole exchange, name resolution included. */
  public static final Duration CUT_OFF = Duration.ofSeconds(20);

  private static final String NOT_HTTP =
      "The answer was not valid HTTP, or its head was far too long.";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final CallbackGuard guard;
  private final Clock clock;
  private final Duration cutOff;
  private final SSLContext trust;

  public WebhookSender(CallbackGuard guard, Clock clock, Duration cutOff) {
    this(guard, clock, cutOff, SSLContexts.createSystemDefault());
  }

  WebhookSender(CallbackGuard guard, Clock clock, Duration cutOff, SSLContext trust) {
    this.guard = guard;
    this.clock = clock;
    this.cutOff = cutOff;
    this.trust = trust;
  }

  /**
   * Sends a message once and waits for the end of it.
   *
   * @param id the message's, the same on every attempt: 1 to 64 of `[A-Za-z0-9_-]`
   * @param body JSON in UTF-8
   * @param secrets those in force, several while one is being rotated; each signs
   * @throws InterruptedException when the waiting thread is interrupted; the connection is closed
   */
  public SendResult send(String url, String id, byte[] body, List<WebhookSecret> secrets)
      throws InterruptedException {
    if (!ID.matcher(id).matches() || secrets.isEmpty()) {
      throw new IllegalArgumentException("A webhook needs a plain id and at least one secret.");
    }
    var exchange = new FutureTask<>(() -> exchange(url, id, body, secrets));
    Thread.ofVirtual().name("webhook-" + id).start(exchange);
    try {
      return exchange.get(cutOff.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new SendResult.Unreachable("The exchange was cut off after " + cutOff + ".");
    } catch (ExecutionException e) {
      throw new IllegalStateException("A webhook could not be sent.", e.getCause());
    } finally {
      // Interrupting a virtual thread closes the socket it waits for, whatever state that is in.
      exchange.cancel(true);
    }
  }

  private SendResult exchange(String url, String id, byte[] body, List<WebhookSecret> secrets) {
    return switch (guard.vet(url)) {
      case Vetted.Refused(String reason) -> new SendResult.Refused(reason);
      case Vetted.Unresolved(String reason) -> new SendResult.Unreachable(reason);
      case Vetted.Allowed target -> post(target, id, body, secrets);
    };
  }

  private SendResult post(
      Vetted.Allowed target, String id, byte[] body, List<WebhookSecret> secrets) {
    if (Thread.currentThread().isInterrupted()) {
      // Resolving a name can't be interrupted; what comes of it after the cut-off is not used.
      return new SendResult.Unreachable("The exchange was cut off.");
    }
    Instant now = clock.instant();
    var request = new HttpPost(target.uri());
    request.setHeader("webhook-id", id);
    request.setHeader("webhook-timestamp", now.getEpochSecond());
    request.setHeader(
        "webhook-signature",
        secrets.stream().map(s -> s.sign(id, now, body)).collect(Collectors.joining(" ")));
    request.setEntity(new ByteArrayEntity(body, ContentType.create("application/json")));
    try (CloseableHttpClient client = OneExchange.client(target.addresses(), trust);
        var response = client.executeOpen(null, request, null)) {
      // The body is never read: closing the response drops the connection.
      return answered(response.getCode(), response.getFirstHeader("Retry-After"));
    } catch (IOException e) {
      return new SendResult.Unreachable(why(e));
    }
  }

  private SendResult answered(int status, @Nullable Header retryAfter) {
    if (status >= 200 && status < 300) {
      return new SendResult.Delivered(status);
    }
    if (status == 410) {
      return new SendResult.EndpointGone();
    }
    String value = retryAfter == null ? null : retryAfter.getValue();
    return new SendResult.Rejected(status, RetryAfter.parse(value, clock.instant()));
  }

  /** Told by kind: an exception's own message may hold the URL or what the receiver said. */
  private static String why(IOException e) {
    return switch (e) {
      case SSLException _ ->
          "TLS failed; the certificate must be valid, trusted here and for this host.";
      case SocketTimeoutException _ -> "The receiver did not accept the connection in time.";
      case ConnectException _ -> "The receiver refused the connection.";
      case ClientProtocolException _ -> NOT_HTTP;
      case MessageConstraintException _ -> NOT_HTTP;
      case IOException _ -> "The connection broke before an answer came.";
    };
  }
}
