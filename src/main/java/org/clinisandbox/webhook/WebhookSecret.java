package org.clinisandbox.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;

/** A symmetric secret of Standard Webhooks 1.0: `whsec_` and 24 to 64 bytes in base64. */
public final class WebhookSecret {
  private static final String PREFIX = "whsec_";
  private static final int GENERATED = 32;
  private static final int LEAST = 24;
  private static final int MOST = 64;

  private final byte[] key;

  private WebhookSecret(byte[] key) {
    this.key = key;
  }

  public static WebhookSecret generate() {
    byte[] key = new byte[GENERATED];
    new SecureRandom().nextBytes(key);
    return new WebhookSecret(key);
  }

  /**
   * Reads a secret.
   *
   * @throws IllegalArgumentException when it is malformed; the message doesn't hold it
   */
  public static WebhookSecret parse(String text) {
    if (!text.startsWith(PREFIX)) {
      throw malformed();
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    if (key.length < LEAST || key.length > MOST) {
      throw malformed();
    }
    return new WebhookSecret(key);
  }

  /** The secret itself, as the receiver needs it: for its owner's eyes only. */
  public String unsafeReveal() {
    return PREFIX + Base64.getEncoder().encodeToString(key);
  }

  /** The signature `v1,…` over id, time in whole seconds and body. */
  String sign(String id, Instant time, byte[] body) {
    try {
      String text = new String(body, StandardCharsets.UTF_8);
      return new Webhook(key).sign(id, time.getEpochSecond(), text);
    } catch (EmptyWebhookSecretException | WebhookSigningException e) {
      throw new IllegalStateException("HMAC-SHA256 can't be used in this JVM.", e);
    }
  }

  @Override
  public String toString() {
    return "WebhookSecret[hidden]";
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "A webhook secret is whsec_ followed by 24 to 64 bytes in base64.");
  }
}
