package org.clinisandbox.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.clinisandbox.webhook.WebhookMessage.Diagnosis;
import org.clinisandbox.webhook.WebhookMessage.End;
import org.clinisandbox.webhook.WebhookMessage.Result;
import org.junit.jupiter.api.Test;

class WebhookMessageTest {
  private static final Instant TIME = Instant.parse("2026-11-21T08:00:00.123456Z");
  private static final UUID JOB = UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
  private static final String URL = "https://c.test/v1/jobs/a0";

  @Test
  void a_completed_diagnosis_carries_its_result() {
    var result = new Result("high", new BigDecimal("10"), null);
    assertThat(text(new Diagnosis(End.COMPLETED, TIME, JOB, "visit-77", URL, result, false)))
        .isEqualTo(
            """
            {"type":"diagnosis.completed","timestamp":"2026-11-21T08:00:00.123Z","data":\
            {"job_id":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","status":"succeeded",\
            "client_reference":"visit-77","status_url":"https://c.test/v1/jobs/a0",\
            "result":{"outcome":"high","score":10,"probability":null}}}""");
  }

  @Test
  void a_thin_message_leaves_out_what_there_is_not() {
    assertThat(text(new Diagnosis(End.FAILED, TIME, JOB, null, URL, null, false)))
        .isEqualTo(
            """
            {"type":"diagnosis.failed","timestamp":"2026-11-21T08:00:00.123Z","data":\
            {"job_id":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","status":"failed",\
            "status_url":"https://c.test/v1/jobs/a0"}}""");
  }

  @Test
  void a_mock_diagnosis_says_so() {
    assertThat(text(new Diagnosis(End.COMPLETED, TIME, JOB, null, URL, null, true)))
        .endsWith("\"status_url\":\"https://c.test/v1/jobs/a0\",\"mock\":true}}");
  }

  @Test
  void numbers_keep_their_digits() {
    var result = new Result(null, new BigDecimal("0.10"), new BigDecimal("0.0123456789012345678"));
    assertThat(text(new Diagnosis(End.COMPLETED, TIME, JOB, null, URL, result, false)))
        .contains("\"score\":0.10,\"probability\":0.0123456789012345678");
  }

  @Test
  void a_cancelled_diagnosis_and_a_test_have_their_own_types() {
    assertThat(text(new Diagnosis(End.CANCELLED, TIME, JOB, null, URL, null, false)))
        .startsWith("{\"type\":\"diagnosis.cancelled\"")
        .contains("\"status\":\"cancelled\"");
    assertThat(text(new WebhookMessage.Test(TIME)))
        .isEqualTo(
            "{\"type\":\"webhook.test\",\"timestamp\":\"2026-11-21T08:00:00.123Z\",\"data\":{}}");
  }

  @Test
  void a_logged_message_shows_neither_result_nor_reference() {
    var result = new Result("high", new BigDecimal("10"), null);
    assertThat(new Diagnosis(End.COMPLETED, TIME, JOB, "visit-77", URL, result, false))
        .hasToString("Diagnosis[COMPLETED, a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11]");
  }

  private static String text(WebhookMessage message) {
    return new String(message.body(), UTF_8);
  }
}
