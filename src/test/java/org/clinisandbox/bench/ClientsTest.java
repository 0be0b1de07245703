package org.clinisandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClientsTest {
  private static final int REQUESTS = 100;

  @Test
  void requests_at_fixed_times_are_sent_though_none_was_answered() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    CompletableFuture<Integer> answer = new CompletableFuture<>();

    Clients.Round round =
        Clients.open(
            () -> {
              if (sent.incrementAndGet() == REQUESTS) {
                answer.complete(202);
              }
              return answer;
            },
            202,
            REQUESTS,
            1);

    assertThat(round.micros().getTotalCount()).isEqualTo(REQUESTS);
    assertThat(round.errors()).isEmpty();
  }

  @Test
  void a_request_that_could_not_be_sent_in_time_has_its_waiting_counted() throws Exception {
    long begin = System.nanoTime();
    long allAreDue = begin + 2_000_000_000L;

    Clients.Round round =
        Clients.open(
            () -> {
              while (System.nanoTime() < allAreDue) {
                Thread.onSpinWait();
              }
              return CompletableFuture.completedFuture(202);
            },
            202,
            REQUESTS,
            1);

    assertThat(round.micros().getMinValue()).isGreaterThanOrEqualTo(900_000);
  }

  @Test
  void what_was_not_expected_is_an_error_and_has_no_time() throws Exception {
    AtomicInteger sent = new AtomicInteger();

    Clients.Round round =
        Clients.open(
            () ->
                switch (sent.getAndIncrement() % 4) {
                  case 0 -> CompletableFuture.completedFuture(503);
                  case 1 -> CompletableFuture.failedFuture(new IOException());
                  default -> CompletableFuture.completedFuture(202);
                },
            202,
            REQUESTS,
            1);

    assertThat(round.micros().getTotalCount()).isEqualTo(REQUESTS / 2);
    assertThat(round.errors().keySet()).containsExactly("IOException", "status 503");
  }
}
