package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.clinisandbox.fhir.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Results that come back by themselves, to a real receiver. */
class WebhookIT {
  private final Client client = Up.client();

  private static Webhook verifier() throws Exception {
    return new Webhook(Files.readString(Path.of(Up.node().line("webhook").substring(10))).strip());
  }

  @Test
  void a_result_comes_signed_and_says_nothing_of_the_patient() throws Exception {
    try (Receiver receiver = new Receiver()) {
      String job =
          client.accepted(
              Client.payload("sepsis_valid")
                  .put("callback_url", receiver.url())
                  .put("client_reference", "visit-77"));

      Receiver.Received webhook = receiver.next();

      verifier().verify(webhook.body(), webhook.headers());
      JsonNode message = Json.MAPPER.readTree(webhook.body());
      assertThat(message.path("type").asString()).isEqualTo("diagnosis.completed");
      assertThat(message.path("data").path("job_id").asString()).isEqualTo(job);
      assertThat(message.path("data").path("client_reference").asString()).isEqualTo("visit-77");
      assertThat(message.path("data").path("result").path("score").asInt()).isEqualTo(10);
      assertThat(message.path("data").has("inputs")).isFalse();
      assertThatThrownBy(
              () -> verifier().verify(webhook.body().replace("10", "11"), webhook.headers()))
          .isInstanceOf(WebhookVerificationException.class);
    }
  }

  @Test
  void a_receiver_that_fails_is_tried_again_with_the_same_id() throws Exception {
    try (Receiver receiver = new Receiver(500)) {
      String job =
          client.accepted(Client.payload("sepsis_valid").put("callback_url", receiver.url()));

      Receiver.Received first = receiver.next();
      Receiver.Received second = receiver.next();

      assertThat(second.headers().firstValue("webhook-id"))
          .isEqualTo(first.headers().firstValue("webhook-id"));
      JsonNode delivery = delivered(job);
      assertThat(delivery.path("attempts").asInt()).isEqualTo(2);
      assertThat(delivery.path("response_status").asInt()).isEqualTo(204);
    }
  }

  @Test
  void a_receiver_that_is_gone_is_left_alone() throws Exception {
    try (Receiver receiver = new Receiver(410)) {
      String job =
          client.accepted(Client.payload("sepsis_valid").put("callback_url", receiver.url()));
      receiver.next();

      JsonNode delivery = settled(job, "failed");
      assertThat(delivery.path("attempts").asInt()).isEqualTo(1);
      assertThat(delivery.toString()).doesNotContain("secret-in-query");
    }
  }

  private JsonNode delivered(String job) {
    return settled(job, "delivered");
  }

  private JsonNode settled(String job, String status) {
    for (int i = 0; i < 600; i++) {
      JsonNode delivery = client.get("/v1/jobs/" + job).body().path("deliveries").path(0);
      if (delivery.path("status").asString("").equals(status)) {
        return delivery;
      }
      Node.pause();
    }
    throw new AssertionError("the delivery did not become " + status);
  }
}
