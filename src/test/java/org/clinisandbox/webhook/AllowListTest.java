package org.clinisandbox.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "fd00::/129",
        "fd00::1/8",
        "127.1",
        "0x7f000001",
        "::ffff:10.0.0.1",
        "*.example.com",
        "example.com:8080",
        "https://example.com",
        "example.com/path",
        "example.com.",
        "a b",
        "",
        "bücher.example"
      })
  void an_entry_that_is_neither_host_nor_network_is_named(String bad) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowList.parse("hooks.internal, " + bad + ",10.0.0.0/8"))
        .withMessageContaining("\"" + bad + "\"")
        .withMessageContaining("CLINISANDBOX_WEBHOOK_ALLOW");
  }

  @Test
  void blank_allows_nothing() {
    assertThat(AllowList.parse(" ").isEmpty()).isTrue();
    assertThat(AllowList.none().covers("a.test", InetAddress.ofLiteral("8.8.8.8"))).isFalse();
  }

  @Test
  void an_allowed_network_may_be_private_and_plain() {
    for (String url :
        List.of("http://10.9.8.7/x", "https://10.9.8.7/x", "http://in.test/", "https://in.test/")) {
      assertThat(vet("10.9.0.0/16", url, "10.9.8.7")).isInstanceOf(Vetted.Allowed.class);
      assertThat(vet("10.9.8.7", url, "10.9.8.7")).isInstanceOf(Vetted.Allowed.class);
      assertThat(vet("10.8.0.0/16", url.replace("10.9.8.7", "10.9.8.6"), "10.9.8.7"))
          .isInstanceOf(Vetted.Refused.class);
    }
  }

  @Test
  void an_allowed_host_may_be_private_and_plain() {
    assertThat(vet("Hooks.Internal", "http://hooks.INTERNAL:8080/x", "192.168.0.9"))
        .isInstanceOf(Vetted.Allowed.class);
    assertThat(vet("hooks.internal", "http://other.internal/x", "192.168.0.9"))
        .isInstanceOf(Vetted.Refused.class);
    assertThat(vet("hooks.internal", "https://sub.hooks.internal/x", "192.168.0.9"))
        .isInstanceOf(Vetted.Refused.class);
  }

  @Test
  void plain_http_to_a_public_receiver_stays_refused() {
    assertThat(vet("10.0.0.0/8", "http://example.com/", "93.184.215.14"))
        .isInstanceOf(Vetted.Refused.class);
    assertThat(vet("10.0.0.0/8", "http://example.com/", "10.0.0.1", "93.184.215.14"))
        .isInstanceOf(Vetted.Refused.class);
  }

  @Test
  void an_allowed_address_does_not_let_its_neighbour_through() {
    assertThat(vet("10.0.0.1", "https://in.test/", "10.0.0.1", "169.254.169.254"))
        .isInstanceOf(Vetted.Refused.class);
  }

  @Test
  void a_form_that_is_refused_stays_refused_when_its_address_is_allowed() {
    for (String host : List.of("[::ffff:7f00:1]", "2130706433", "0177.0.0.1", "127.1")) {
      assertThat(vet("127.0.0.0/8,::1", "https://" + host + "/", "127.0.0.1"))
          .isInstanceOf(Vetted.Refused.class);
    }
  }

  @Test
  void ipv6_entries_may_stand_in_brackets() {
    for (String allow : List.of("[::1]", "::1", "fd00::/8, ::/127")) {
      assertThat(vet(allow, "http://[::1]:9000/", "8.8.8.8")).isInstanceOf(Vetted.Allowed.class);
    }
    assertThat(vet("fd00::/8", "http://[fe80::1]/", "8.8.8.8")).isInstanceOf(Vetted.Refused.class);
  }

  @Test
  void loopback_is_this_machine_only() {
    AllowList loopback = AllowList.loopback();
    assertThat(loopback.covers("x", InetAddress.ofLiteral("127.0.0.1"))).isTrue();
    assertThat(loopback.covers("x", InetAddress.ofLiteral("::1"))).isTrue();
    assertThat(loopback.covers("x", InetAddress.ofLiteral("10.0.0.1"))).isFalse();
  }

  private static Vetted vet(String allow, String url, String... addresses) {
    Resolver resolver = _ -> List.of(addresses).stream().map(InetAddress::ofLiteral).toList();
    return new CallbackGuard(AllowList.parse(allow), resolver).vet(url);
  }
}
