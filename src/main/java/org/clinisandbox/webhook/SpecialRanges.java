package org.clinisandbox.webhook;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The networks that are not the public internet: the IANA IPv4 and IPv6 special-purpose registries
 * whole (with those of their entries that are reachable: no receiver lives there), multicast, the
 * forms of IPv6 that carry an IPv4 address, and the one public address that a cloud uses for its
 * own host.
 */
final class SpecialRanges {
  private static final List<Range> RANGES =
      List.of(
          range("0.0.0.0/8", "this network"),
          range("10.0.0.0/8", "private use"),
          range("100.64.0.0/10", "shared address space"),
          range("127.0.0.0/8", "loopback"),
          range("169.254.0.0/16", "link-local"),
          range("172.16.0.0/12", "private use"),
          range("192.0.0.0/24", "IETF protocol assignments"),
          range("192.0.2.0/24", "documentation"),
          range("192.31.196.0/24", "AS112"),
          range("192.52.193.0/24", "AMT"),
          range("192.88.99.0/24", "6to4 relay"),
          range("192.168.0.0/16", "private use"),
          range("192.175.48.0/24", "AS112"),
          range("198.18.0.0/15", "benchmarking"),
          range("198.51.100.0/24", "documentation"),
          range("203.0.113.0/24", "documentation"),
          range("224.0.0.0/4", "multicast"),
          range("240.0.0.0/4", "reserved"),
          range("168.63.129.16/32", "cloud platform"),
          range("::/128", "unspecified"),
          range("::1/128", "loopback"),
          range("::/96", "IPv4-compatible"),
          range("::ffff:0:0:0/96", "IPv4-translated"),
          range("64:ff9b::/96", "NAT64"),
          range("64:ff9b:1::/48", "NAT64"),
          range("100::/64", "discard-only"),
          range("100:0:0:1::/64", "dummy prefix"),
          range("2001::/32", "Teredo"),
          range("2001:2::/48", "benchmarking"),
          range("2001::/23", "IETF protocol assignments"),
          range("2001:db8::/32", "documentation"),
          range("2002::/16", "6to4"),
          range("2620:4f:8000::/48", "AS112"),
          range("3fff::/20", "documentation"),
          range("5f00::/16", "segment routing"),
          range("fc00::/7", "unique local"),
          range("fe80::/10", "link-local"),
          range("fec0::/10", "site-local"),
          range("ff00::/8", "multicast"));

  /** IANA hands out public IPv6 addresses from here only; IPv4-mapped ones lie outside too. */
  private static final Network GLOBAL_UNICAST = Network.of("2000::/3");

  private SpecialRanges() {}

  /** What an address is for when it is not public. */
  static Optional<String> nameOf(InetAddress address) {
    for (Range range : RANGES) {
      if (range.network().contains(address)) {
        return Optional.of(range.name());
      }
    }
    return address instanceof Inet6Address && !GLOBAL_UNICAST.contains(address)
        ? Optional.of("not global unicast")
        : Optional.empty();
  }

  private static Range range(String network, String name) {
    return new Range(Network.of(network), name);
  }

  private record Range(Network network, String name) {}
}
