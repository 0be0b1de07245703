package org.clinisandbox.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receiver whose certificate is for receiver.test, signed by itself. */
class WebhookTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;
  private static SSLContext serving;
  private static SSLContext trusting;
  private TestingReceiver receiver;

  @BeforeAll
  static void makeCertificate() throws Exception {
    KeyStore keys = keystore();
    var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, PASSWORD);
    serving = SSLContext.getInstance("TLS");
    serving.init(keyManagers.getKeyManagers(), null, null);
    var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trustManagers.init(trust(keys));
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, trustManagers.getTrustManagers(), null);
  }

  @BeforeEach
  void start() throws Exception {
    receiver =
        TestingReceiver.start(
            serving.getServerSocketFactory(),
            "127.0.0.1",
            0,
            socket ->
                socket.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(UTF_8)));
  }

  @AfterEach
  void stop() throws Exception {
    receiver.close();
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
    var sender = new WebhookSender(guard(), Clock.systemUTC(), WebhookSender.CUT_OFF);
    assertThat(send(sender, "receiver.test"))
        .isInstanceOfSatisfying(
            SendResult.Unreachable.class, result -> assertThat(result.why()).contains("TLS"));
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void the_name_in_the_url_is_checked_although_an_address_is_dialled() throws Exception {
    var sender = new WebhookSender(guard(), Clock.systemUTC(), WebhookSender.CUT_OFF, trusting);
    assertThat(send(sender, "other.test"))
        .isInstanceOfSatisfying(
            SendResult.Unreachable.class, result -> assertThat(result.why()).contains("TLS"));
    assertThat(receiver.received()).noneMatch(r -> r.header("host").startsWith("other.test"));
    assertThat(send(sender, "receiver.test")).isEqualTo(new SendResult.Delivered(204));
  }

  private SendResult send(WebhookSender sender, String host) throws Exception {
    return sender.send(
        "https://" + host + ":" + receiver.port() + "/",
        "msg_1",
        "{}".getBytes(UTF_8),
        List.of(WebhookSecret.generate()));
  }

  private static CallbackGuard guard() {
    return new CallbackGuard(
        AllowList.loopback(), _ -> List.of(InetAddress.ofLiteral("127.0.0.1")));
  }

  private static KeyStore keystore() throws Exception {
    Path file = folder.resolve("receiver.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=receiver.test",
                "-ext",
                "san=dns:receiver.test",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private static KeyStore trust(KeyStore keys) throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, PASSWORD);
    trust.setCertificateEntry("receiver", keys.getCertificate(keys.aliases().nextElement()));
    return trust;
  }
}
