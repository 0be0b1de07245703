package org.clinisandbox.webhook;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Literal addresses in their one usual form. Short, decimal, hexadecimal and octal IPv4, zones, and
 * IPv4 inside IPv6 are not among them: they serve to get past a guard.
 */
final class IpLiteral {
  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]{2,39}");

  private IpLiteral() {}

  static Optional<InetAddress> parse(String text) {
    boolean six = text.indexOf(':') >= 0;
    if (!(six ? IPV6 : IPV4).matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      // The JDK turns ::ffff:a:b into an IPv4 address.
      return (address.getAddress().length == 16) == six ? Optional.of(address) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
