package org.clinisandbox.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackGuardTest {
  /** Every numeric form resolves to loopback here, as it does somewhere. */
  private static final Resolver LYING = _ -> List.of(address("127.0.0.1"));

  private static final Resolver PUBLIC = _ -> List.of(address("93.184.215.14"));

  private static final Resolver NEVER_ASKED =
      host -> {
        throw new AssertionError("asked for " + host);
      };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "https://example.com/",
        "https://EXAMPLE.com:8443/a/b?c=d&e=%20",
        "https://xn--bcher-kva.example/hook",
        "https://8.8.8.8/hook",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:8443/hook",
        "HTTPS://a-b.c1.example"
      })
  void a_public_https_receiver_is_allowed(String url) {
    assertThat(guard(PUBLIC).vet(url)).isInstanceOf(Vetted.Allowed.class);
  }

  @Test
  void what_is_allowed_names_the_addresses_to_dial() {
    Resolver two = _ -> List.of(address("93.184.215.14"), address("2606:2800::1"));
    assertThat(guard(two).vet("https://example.com/x"))
        .isInstanceOfSatisfying(
            Vetted.Allowed.class,
            allowed ->
                assertThat(allowed.addresses())
                    .containsExactly(address("93.184.215.14"), address("2606:2800::1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "//example.com/",
        "/hook",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "jar:https://example.com!/",
        "javascript:alert(1)",
        "mailto:a@example.com",
        "https:example.com",
        "https:/example.com",
        "https:///hook",
        "https://",
        "https://:443/",
        "http://example.com/",
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "https://@example.com/",
        "https://example.com@127.0.0.1/",
        "https://example.com%40127.0.0.1/",
        "https://example.com/#fragment",
        "https://example.com#@127.0.0.1/",
        "https://example.com:0/",
        "https://example.com:/",
        "https://example.com:65536/",
        "https://example.com:-1/",
        "https://example.com:99999999999/",
        "https://example.com:80:80/",
        "https://example.com\\@127.0.0.1/",
        "https://example.com\\.evil.example/",
        "https://example.com/\r\nHost: x",
        "https://exa mple.com/",
        " https://example.com/",
        "https://example.com/\u0000",
        "https://example.com./",
        "https://localhost./",
        "https://.example.com/",
        "https://example..com/",
        "https://-example.com/",
        "https://example-.com/",
        "https://exa_mple.com/",
        "https://*.example.com/",
        "https://bücher.example/",
        "https://example.com。evil.example/",
        "https://ⓛocalhost/",
        "https://１２７.0.0.1/",
        "https://example.com/ü",
        "https://%6c%6f%63%61%6c%68%6f%73%74/",
        "https://[::1%25lo]/",
        "https://[fe80::1%eth0]/",
        "https://[v1.fe80]/",
        "https://[example.com]/",
        "https://[127.0.0.1]/",
        "https://[]/"
      })
  void a_url_of_another_form_is_refused_before_anything_is_resolved(String url) {
    assertThat(guard(NEVER_ASKED).vet(url)).isInstanceOf(Vetted.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0x7f.0x0.0x0.0x1",
        "017700000001",
        "0177.0.0.1",
        "0177.0.0.01",
        "127.0.0.01",
        "127.000.000.001",
        "127.1",
        "127.0.1",
        "127.0.0.1.",
        "127.0.0.0.1",
        "256.0.0.1",
        "127.0.0.0x1",
        "1.2.3.4.5",
        "0",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[0000:0000:0000:0000:0000:0000:0000:0001]",
        "[::127.0.0.1]",
        "[::7f00:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::FFFF:a9fe:a9fe]",
        "[0:0:0:0:0:ffff:8.8.8.8]",
        "[::ffff:8.8.8.8]",
        "[::ffff:808:808]",
        "[::ffff:0:127.0.0.1]",
        "[::ffff:0:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::169.254.169.254]",
        "[64:ff9b:1::7f00:1]",
        "[100::1]",
        "[2001::1]",
        "[2001:0:7f00:1::]",
        "[2001:2::1]",
        "[2001:10::1]",
        "[2001:db8::1]",
        "[2002:7f00:1::]",
        "[2002:a9fe:a9fe::1]",
        "[3fff::1]",
        "[5f00::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[febf::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[4000::1]",
        "[1::1]"
      })
  void every_literal_that_reaches_inside_is_refused_when_saved_and_when_dialled(String host)
      throws Exception {
    var sender = new WebhookSender(guard(LYING), Clock.systemUTC(), WebhookSender.CUT_OFF);
    for (String url : List.of("https://" + host + "/", "https://" + host + ":8443/x?y=z")) {
      assertThat(guard(NEVER_ASKED).vet(url)).isInstanceOf(Vetted.Refused.class);
      assertThat(sender.send(url, "msg_1", "{}".getBytes(UTF_8), List.of(WebhookSecret.generate())))
          .isInstanceOf(SendResult.Refused.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.255.255.255, this network",
    "10.1.2.3, private use",
    "100.64.0.0, shared address space",
    "127.0.0.1, loopback",
    "169.254.169.254, link-local",
    "172.31.0.1, private use",
    "192.0.0.8, IETF protocol assignments",
    "192.0.2.9, documentation",
    "192.31.196.1, AS112",
    "192.52.193.1, AMT",
    "192.88.99.1, 6to4 relay",
    "192.168.255.255, private use",
    "192.175.48.1, AS112",
    "198.19.0.0, benchmarking",
    "198.51.100.0, documentation",
    "203.0.113.255, documentation",
    "239.0.0.1, multicast",
    "255.255.255.255, reserved",
    "168.63.129.16, cloud platform",
    "::, unspecified",
    "::1, loopback",
    "::2, IPv4-compatible",
    "::ffff:0:1:1, IPv4-translated",
    "64:ff9b::1, NAT64",
    "64:ff9b:1:ffff::1, NAT64",
    "100::ffff, discard-only",
    "100:0:0:1::1, dummy prefix",
    "2001::1, Teredo",
    "2001:2::1, benchmarking",
    "2001:1ff::1, IETF protocol assignments",
    "2001:db8:ffff::1, documentation",
    "2002::1, 6to4",
    "2620:4f:8000::1, AS112",
    "3fff:fff::1, documentation",
    "5f00::1, segment routing",
    "fdff::1, unique local",
    "febf::1, link-local",
    "fec0::1, site-local",
    "ff0e::1, multicast",
    "4000::1, not global unicast",
    "e000::1, not global unicast"
  })
  void a_name_is_refused_when_its_address_is_special(String address, String kind) {
    Vetted vetted = guard(_ -> List.of(address(address))).vet("https://example.com/");
    assertThat(vetted)
        .isInstanceOfSatisfying(
            Vetted.Refused.class,
            refused ->
                assertThat(refused.reason()).contains("(" + kind + ")").doesNotContain(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:db7:ffff::1",
        "2001:db9::1",
        "2003::1",
        "2620:4f:8001::1",
        "3ffe::1"
      })
  void the_neighbours_of_special_networks_are_public(String address) {
    assertThat(guard(_ -> List.of(address(address))).vet("https://example.com/"))
        .isInstanceOf(Vetted.Allowed.class);
  }

  @Test
  void an_ipv4_address_inside_an_ipv6_answer_is_refused() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(address("8.8.8.8").getAddress(), 0, mapped, 12, 4);
    InetAddress answer = Inet6Address.getByAddress("example.com", mapped, 0);
    assertThat(answer.getAddress()).hasSize(16);
    assertThat(guard(_ -> List.of(answer)).vet("https://example.com/"))
        .isInstanceOf(Vetted.Refused.class);
  }

  @Test
  void one_bad_address_among_good_ones_refuses_the_whole() {
    List<InetAddress> mixed =
        new ArrayList<>(
            List.of(address("93.184.215.14"), address("8.8.8.8"), address("192.168.0.1")));
    for (int i = 0; i < mixed.size(); i++) {
      Collections.rotate(mixed, 1);
      assertThat(guard(_ -> mixed).vet("https://example.com/")).isInstanceOf(Vetted.Refused.class);
    }
  }

  @Test
  void a_name_without_an_address_is_not_refused_for_good() {
    Resolver none =
        host -> {
          throw new UnknownHostException(host);
        };
    assertThat(guard(none).vet("https://example.com/")).isInstanceOf(Vetted.Unresolved.class);
    assertThat(guard(_ -> List.of()).vet("https://example.com/"))
        .isInstanceOf(Vetted.Unresolved.class);
  }

  @Test
  void a_url_that_is_too_long_is_refused() {
    String fits = "https://example.com/" + "a".repeat(2028);
    assertThat(guard(PUBLIC).vet(fits)).isInstanceOf(Vetted.Allowed.class);
    assertThat(guard(PUBLIC).vet(fits + "a")).isInstanceOf(Vetted.Refused.class);
  }

  @Test
  void no_text_shows_the_urls_query() {
    assertThat(guard(PUBLIC).vet("https://example.com/?token=s3cret").toString())
        .doesNotContain("s3cret");
    assertThat(guard(LYING).vet("https://example.com/?token=s3cret").toString())
        .doesNotContain("s3cret");
    assertThat(guard(LYING).vet("http://example.com:0/?token=s3cret").toString())
        .doesNotContain("s3cret");
  }

  /** The name flips between an allowed receiver and a forbidden one on the same port. */
  @Test
  void a_flipping_name_never_leads_to_the_forbidden_receiver() throws Exception {
    try (var good = TestingReceiver.on("127.0.0.1", 0, "HTTP/1.1 204 No Content");
        var forbidden = TestingReceiver.on("127.0.0.2", good.port(), "HTTP/1.1 204 No Content")) {
      var random = new Random(18);
      var asked = new AtomicInteger();
      Resolver flipping =
          _ -> {
            InetAddress first = address("127.0.0.1");
            InetAddress second = address("127.0.0.2");
            return switch (random.nextInt(6)) {
              case 0 -> List.of(first, second);
              case 1 -> List.of(second, first);
              default -> List.of(asked.getAndIncrement() % 2 == 0 ? first : second);
            };
          };
      var guard = new CallbackGuard(AllowList.parse("127.0.0.1"), flipping);
      var sender = new WebhookSender(guard, Clock.systemUTC(), WebhookSender.CUT_OFF);
      int delivered = 0;
      for (int i = 0; i < 1000; i++) {
        SendResult result =
            sender.send(
                "http://flip.test:" + good.port() + "/",
                "msg_" + i,
                "{}".getBytes(UTF_8),
                List.of(WebhookSecret.generate()));
        delivered += result instanceof SendResult.Delivered ? 1 : 0;
      }
      assertThat(forbidden.connections()).isZero();
      assertThat(good.connections()).isEqualTo(delivered).isPositive();
    }
  }

  private static CallbackGuard guard(Resolver resolver) {
    return new CallbackGuard(AllowList.none(), resolver);
  }

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }
}
