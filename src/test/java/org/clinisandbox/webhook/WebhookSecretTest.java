package org.clinisandbox.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSecretTest {

  /** The example of the Standard Webhooks reference libraries. */
  @Test
  void it_signs_as_the_published_example() {
    WebhookSecret secret = WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    assertThat(secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", Instant.ofEpochSecond(1614265330), body))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void a_generated_secret_reads_back_and_is_never_the_same() {
    String text = WebhookSecret.generate().unsafeReveal();
    assertThat(text).startsWith("whsec_");
    assertThat(WebhookSecret.parse(text).unsafeReveal()).isEqualTo(text);
    assertThat(WebhookSecret.generate().unsafeReveal()).isNotEqualTo(text);
    assertThat(Base64.getDecoder().decode(text.substring(6))).hasSize(32);
  }

  @Test
  void it_never_shows_itself() {
    assertThat(WebhookSecret.generate()).hasToString("WebhookSecret[hidden]");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 23, 65})
  void a_secret_of_another_length_is_refused(int length) {
    assertRefused("whsec_" + Base64.getEncoder().encodeToString(new byte[length]));
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 64})
  void the_shortest_and_the_longest_are_taken(int length) {
    String text = "whsec_" + Base64.getEncoder().encodeToString(new byte[length]);
    assertThat(WebhookSecret.parse(text).unsafeReveal()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64 but long enough indeed"})
  void text_of_another_form_is_refused_without_showing_it(String text) {
    assertRefused(text);
  }

  private static void assertRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebhookSecret.parse(text))
        .withMessage("A webhook secret is whsec_ followed by 24 to 64 bytes in base64.")
        .withNoCause();
  }
}
