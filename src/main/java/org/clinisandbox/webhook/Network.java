package org.clinisandbox.webhook;

import java.net.InetAddress;
import java.util.Optional;

/** A network in CIDR form. An IPv4 network holds no IPv6 address and the other way round. */
record Network(byte[] address, int bits) {

  /**
   * Reads `address` or `address/bits`; empty when it is neither, or has bits set outside the
   * prefix.
   */
  static Optional<Network> parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    Optional<InetAddress> parsed = IpLiteral.parse(literal);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    byte[] address = parsed.get().getAddress();
    int bits = address.length * 8;
    if (slash >= 0) {
      String length = text.substring(slash + 1);
      if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > bits) {
        return Optional.empty();
      }
      bits = Integer.parseInt(length);
    }
    var network = new Network(address, bits);
    return network.hasHostBits() ? Optional.empty() : Optional.of(network);
  }

  static Network of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException(text));
  }

  boolean contains(InetAddress other) {
    byte[] bytes = other.getAddress();
    if (bytes.length != address.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      if (bit(bytes, bit) != bit(address, bit)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasHostBits() {
    for (int bit = bits; bit < address.length * 8; bit++) {
      if (bit(address, bit) != 0) {
        return true;
      }
    }
    return false;
  }

  private static int bit(byte[] bytes, int bit) {
    return bytes[bit / 8] >> (7 - bit % 8) & 1;
  }
}
