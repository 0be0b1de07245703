package org.clinisandbox.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.clinisandbox.webhook.TestingReceiver.Received;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class WebhookSenderTest {
  private static final String BODY = "{\"type\":\"diagnosis.completed\",\"é\":\"°C\"}";
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final WebhookSecret secret = WebhookSecret.generate();
  private final WebhookSender sender = sender(Clock.systemUTC(), WebhookSender.CUT_OFF);

  @Test
  void the_public_verifier_accepts_what_is_sent() throws Exception {
    try (var receiver = TestingReceiver.answering("HTTP/1.1 204 No Content")) {
      assertThat(send(receiver)).isEqualTo(new SendResult.Delivered(204));
      Received received = receiver.received().getFirst();
      assertThat(received.body()).isEqualTo(BODY);
      assertThat(received.header("webhook-id")).isEqualTo("msg_1");
      assertThatCode(() -> verifier(secret).verify(received.body(), received.headers()))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void the_request_says_what_it_must_and_nothing_else() throws Exception {
    try (var receiver = TestingReceiver.answering("HTTP/1.1 200 OK")) {
      send(receiver);
      Received received = receiver.received().getFirst();
      assertThat(received.head()).startsWith("POST /hook?token=s3cret HTTP/1.1\r\n");
      assertThat(received.header("content-type")).isEqualTo("application/json");
      assertThat(received.header("user-agent")).isEqualTo("CliniSandbox");
      assertThat(received.headers().keySet())
          .map(name -> name.toLowerCase(Locale.ROOT))
          .containsExactlyInAnyOrder(
              "connection",
              "content-length",
              "content-type",
              "host",
              "user-agent",
              "webhook-id",
              "webhook-signature",
              "webhook-timestamp");
    }
  }

  @Test
  void while_a_secret_rotates_each_of_the_two_verifies() throws Exception {
    WebhookSecret next = WebhookSecret.generate();
    try (var receiver = TestingReceiver.answering("HTTP/1.1 200 OK")) {
      sender.send(receiver.url(), "msg_1", BODY.getBytes(UTF_8), List.of(secret, next));
      Received received = receiver.received().getFirst();
      assertThat(received.header("webhook-signature").split(" ")).hasSize(2);
      for (WebhookSecret each : List.of(secret, next)) {
        assertThatCode(() -> verifier(each).verify(received.body(), received.headers()))
            .doesNotThrowAnyException();
      }
      assertRejected(WebhookSecret.generate(), received.body(), received.headers());
    }
  }

  @Test
  void ten_thousand_altered_messages_are_rejected() throws Exception {
    try (var receiver = TestingReceiver.answering("HTTP/1.1 200 OK")) {
      send(receiver);
      Received received = receiver.received().getFirst();
      var random = new Random(19);
      List<String> parts = List.of("webhook-id", "webhook-timestamp", "webhook-signature", "body");
      for (int i = 0; i < 10_000; i++) {
        String part = parts.get(i % parts.size());
        Map<String, List<String>> headers = new HashMap<>(received.headers());
        String body = received.body();
        if (part.equals("body")) {
          body = altered(body, random);
        } else {
          headers.put(part, List.of(altered(received.header(part), random)));
        }
        assertRejected(secret, body, headers);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-600, 600})
  void replayed_and_future_dated_messages_are_rejected(long seconds) throws Exception {
    Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(seconds));
    try (var receiver = TestingReceiver.answering("HTTP/1.1 200 OK")) {
      sender(wrong, WebhookSender.CUT_OFF)
          .send(receiver.url(), "msg_1", BODY.getBytes(UTF_8), List.of(secret));
      Received received = receiver.received().getFirst();
      assertRejected(secret, received.body(), received.headers());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_fails_and_is_not_followed(int status) throws Exception {
    try (var metadata = TestingReceiver.answering("HTTP/1.1 200 OK");
        var receiver =
            TestingReceiver.answering(
                "HTTP/1.1 " + status + " Moved\r\nLocation: " + metadata.url())) {
      assertThat(send(receiver)).isEqualTo(new SendResult.Rejected(status, null));
      assertThat(metadata.connections()).isZero();
      assertThat(receiver.connections()).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 407, 408, 429, 500, 502, 503, 504})
  void an_error_is_reported_and_tried_once(int status) throws Exception {
    try (var receiver =
        TestingReceiver.answering(
            "HTTP/1.1 " + status + " No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0")) {
      assertThat(send(receiver)).isEqualTo(new SendResult.Rejected(status, null));
      assertThat(receiver.connections()).isOne();
    }
  }

  @Test
  void a_410_switches_the_endpoint_off() throws Exception {
    try (var receiver = TestingReceiver.answering("HTTP/1.1 410 Gone")) {
      assertThat(send(receiver)).isEqualTo(new SendResult.EndpointGone());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "120 | PT2M",
        "0 | PT0S",
        "Sat, 21 Nov 2026 12:01:30 GMT | PT1M30S",
        "Saturday, 21-Nov-26 12:01:30 GMT | PT1M30S",
        "Sat, 21 Nov 2026 11:00:00 GMT | null",
        "-5 | null",
        "soon | null",
        "99999999999999999999 | null"
      })
  void retry_after_is_read_as_seconds_and_as_a_date(String header, Duration expected)
      throws Exception {
    Clock noon = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);
    try (var receiver =
        TestingReceiver.answering("HTTP/1.1 429 Too Many Requests\r\nRetry-After: " + header)) {
      SendResult result =
          sender(noon, WebhookSender.CUT_OFF)
              .send(receiver.url(), "msg_1", BODY.getBytes(UTF_8), List.of(secret));
      assertThat(result).isEqualTo(new SendResult.Rejected(429, expected));
    }
  }

  @Test
  void a_reset_connection_is_unreachable_without_a_word_of_the_url() throws Exception {
    try (var receiver = TestingReceiver.doing(socket -> socket.setSoLinger(true, 0))) {
      assertUnreachable(send(receiver), "connection broke");
      assertThat(receiver.connections()).isOne();
    }
  }

  @Test
  void a_refused_connection_is_unreachable() throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    SendResult result =
        sender.send(
            "http://127.0.0.1:" + port + "/hook?token=s3cret",
            "msg_1",
            BODY.getBytes(UTF_8),
            List.of(secret));
    assertUnreachable(result, "refused the connection");
  }

  @Test
  void an_answer_that_is_not_http_is_unreachable() throws Exception {
    try (var receiver = TestingReceiver.answering("SSH-2.0-s3cret\r\n".repeat(2000))) {
      assertUnreachable(send(receiver), "");
    }
  }

  @Test
  void a_receiver_that_sends_a_byte_at_a_time_is_cut_off() throws Exception {
    try (var receiver =
        TestingReceiver.doing(
            socket -> drip(socket, "HTTP/1.1 200 OK\r\nX-Slow: " + "z".repeat(6000)))) {
      assertCutOff(receiver.url());
      receiver.awaitBroken();
    }
  }

  @Test
  void a_receiver_that_never_answers_is_cut_off() throws Exception {
    var never = new CountDownLatch(1);
    try (var receiver = TestingReceiver.doing(_ -> never.await())) {
      assertCutOff(receiver.url());
    }
  }

  @Test
  void a_tls_handshake_that_never_ends_is_cut_off() throws Exception {
    try (var server = new ServerSocket(0)) {
      assertCutOff("https://127.0.0.1:" + server.getLocalPort() + "/");
    }
  }

  @Test
  void interim_answers_without_end_are_cut_off() throws Exception {
    try (var receiver =
        TestingReceiver.doing(
            socket -> {
              while (true) {
                socket.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(UTF_8));
              }
            })) {
      assertCutOff(receiver.url());
      receiver.awaitBroken();
    }
  }

  @Test
  void a_head_without_end_is_not_read_to_its_end() throws Exception {
    for (String flood : List.of("z".repeat(1024), "X-Flood: z\r\n".repeat(100))) {
      try (var receiver =
          TestingReceiver.doing(
              socket -> {
                socket.getOutputStream().write("HTTP/1.1 200 OK\r\nX-Flood: ".getBytes(UTF_8));
                while (true) {
                  socket.getOutputStream().write(flood.getBytes(UTF_8));
                }
              })) {
        assertUnreachable(send(receiver), "not valid HTTP");
        receiver.awaitBroken();
      }
    }
  }

  @Test
  void a_body_without_end_is_not_read() throws Exception {
    try (var receiver =
        TestingReceiver.doing(
            socket -> {
              socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
              while (true) {
                socket.getOutputStream().write(new byte[1024]);
              }
            })) {
      assertThat(send(receiver)).isEqualTo(new SendResult.Delivered(200));
      receiver.awaitBroken();
    }
  }

  @Test
  void a_name_that_resolves_after_the_cut_off_is_not_dialled() throws Exception {
    try (var receiver = TestingReceiver.answering("HTTP/1.1 200 OK")) {
      var cut = new CountDownLatch(1);
      var resolving = new AtomicReference<Thread>();
      Resolver slow =
          _ -> {
            resolving.set(Thread.currentThread());
            awaitWhateverHappens(cut);
            return List.of(InetAddress.ofLiteral("127.0.0.1"));
          };
      var guard = new CallbackGuard(AllowList.loopback(), slow);
      SendResult result =
          new WebhookSender(guard, Clock.systemUTC(), SHORT)
              .send(
                  "http://slow.test:" + receiver.port() + "/",
                  "msg_1",
                  BODY.getBytes(UTF_8),
                  List.of(secret));
      assertUnreachable(result, "cut off");
      cut.countDown();
      resolving.get().join();
      assertThat(receiver.connections()).isZero();
    }
  }

  @Test
  void an_interrupted_sender_closes_its_connection() throws Exception {
    var dripping = new CountDownLatch(1);
    try (var receiver =
        TestingReceiver.doing(
            socket -> {
              dripping.countDown();
              drip(socket, "HTTP/1.1 200 OK\r\nX-Slow: " + "z".repeat(6000));
            })) {
      var thrown = new AtomicReference<Throwable>();
      Thread waiting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      send(receiver);
                    } catch (InterruptedException e) {
                      thrown.set(e);
                    }
                  });
      dripping.await();
      waiting.interrupt();
      waiting.join();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      receiver.awaitBroken();
    }
  }

  @Test
  void a_proxy_named_in_the_jvms_properties_is_not_used() throws Exception {
    List<String> names = List.of("http.proxy", "https.proxy", "socksProxy");
    List<String> exceptions = List.of("http.nonProxyHosts", "socksNonProxyHosts");
    try (var proxy = TestingReceiver.answering("HTTP/1.1 200 OK");
        var receiver = TestingReceiver.answering("HTTP/1.1 204 No Content")) {
      for (String name : exceptions) {
        System.setProperty(name, "");
      }
      for (String name : names) {
        System.setProperty(name + "Host", "127.0.0.1");
        System.setProperty(name + "Port", Integer.toString(proxy.port()));
      }
      assertThat(send(receiver)).isEqualTo(new SendResult.Delivered(204));
      assertThat(proxy.connections()).isZero();
    } finally {
      exceptions.forEach(System::clearProperty);
      for (String name : names) {
        System.clearProperty(name + "Host");
        System.clearProperty(name + "Port");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "x\r\nHost: y", "a.b", "é"})
  void an_id_that_could_bend_the_head_or_the_signature_is_refused(String id) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> sender.send("https://a.test/", id, BODY.getBytes(UTF_8), List.of(secret)));
  }

  @Test
  void nothing_is_sent_without_a_signature() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sender.send("https://a.test/", "msg_1", BODY.getBytes(UTF_8), List.of()));
  }

  private SendResult send(TestingReceiver receiver) throws InterruptedException {
    return sender.send(receiver.url(), "msg_1", BODY.getBytes(UTF_8), List.of(secret));
  }

  private void assertCutOff(String url) throws InterruptedException {
    SendResult result =
        sender(Clock.systemUTC(), SHORT).send(url, "msg_1", BODY.getBytes(UTF_8), List.of(secret));
    assertUnreachable(result, "cut off");
  }

  private static void assertUnreachable(SendResult result, String why) {
    assertThat(result).isInstanceOf(SendResult.Unreachable.class);
    assertThat(result.toString()).contains(why).doesNotContain("s3cret").doesNotContain("hook");
  }

  private static WebhookSender sender(Clock clock, Duration cutOff) {
    return new WebhookSender(
        new CallbackGuard(AllowList.loopback(), Resolver.SYSTEM), clock, cutOff);
  }

  private static Webhook verifier(WebhookSecret secret) throws Exception {
    return new Webhook(secret.unsafeReveal());
  }

  private static void assertRejected(
      WebhookSecret secret, String body, Map<String, List<String>> headers) {
    assertThatThrownBy(() -> verifier(secret).verify(body, headers))
        .isInstanceOf(WebhookVerificationException.class);
  }

  private static String altered(String text, Random random) {
    List<Integer> letters = new ArrayList<>(text.chars().boxed().toList());
    int place = random.nextInt(letters.size());
    letters.set(place, letters.get(place) ^ 1 << random.nextInt(5));
    return letters.stream()
        .collect(StringBuilder::new, (b, c) -> b.append((char) (int) c), StringBuilder::append)
        .toString();
  }

  private static void drip(Socket socket, String text) throws IOException, InterruptedException {
    for (byte next : text.getBytes(ISO_8859_1)) {
      socket.getOutputStream().write(next);
      Thread.sleep(20);
    }
  }

  /** As the system's resolver waits: no interrupt reaches it. */
  private static void awaitWhateverHappens(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
