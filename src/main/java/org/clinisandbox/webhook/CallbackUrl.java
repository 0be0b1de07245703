package org.clinisandbox.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The form of a callback URL, judged before any name is resolved. */
sealed interface CallbackUrl {
  int MAX_LENGTH = 2048;
  String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  Pattern NAME = Pattern.compile("(" + LABEL + "\\.)*" + LABEL);

  /**
   * A well-formed URL.
   *
   * @param host in lower case, without brackets
   * @param literal the host's address, when the host is one
   */
  record Valid(URI uri, String host, boolean secure, Optional<InetAddress> literal)
      implements CallbackUrl {}

  record Invalid(String reason) implements CallbackUrl {}

  static CallbackUrl parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return new Invalid("The callback URL is longer than " + MAX_LENGTH + " characters.");
    }
    if (!text.chars().allMatch(c -> c > ' ' && c < 127)) {
      return new Invalid(
          "The callback URL has characters other than visible ASCII; write an international host"
              + " name as xn--… and encode the rest with %.");
    }
    try {
      return parse(new URI(text));
    } catch (URISyntaxException e) {
      return new Invalid("The callback URL is not a valid URL.");
    }
  }

  private static CallbackUrl parse(URI uri) {
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return new Invalid("The callback URL must begin with https://.");
    }
    String authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
    if (authority.indexOf('@') >= 0) {
      return new Invalid("The callback URL must not carry a user name or password.");
    }
    if (uri.getRawFragment() != null) {
      return new Invalid("The callback URL must not have a #fragment.");
    }
    if (authority.endsWith(":") || uri.getPort() == 0 || uri.getPort() > 65535) {
      return new Invalid("The callback URL's port must be from 1 to 65535.");
    }
    String host = Optional.ofNullable(uri.getHost()).orElse("").toLowerCase(Locale.ROOT);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    Optional<InetAddress> literal = IpLiteral.parse(bare);
    if (literal.isEmpty() && !isName(bare)) {
      return new Invalid(
          "The callback URL's host is neither a plain host name nor an address in its usual form.");
    }
    return new Valid(uri, bare, scheme.equals("https"), literal);
  }

  /**
   * True for a DNS name. One whose last label begins with a digit is an address in disguise:
   * 0177.0.0.1, 127.1, 0x7f000001 and 2130706433 all reach 127.0.0.1 through some resolver.
   */
  static boolean isName(String host) {
    return host.length() <= 253
        && NAME.matcher(host).matches()
        && !Character.isDigit(host.charAt(host.lastIndexOf('.') + 1));
  }
}
