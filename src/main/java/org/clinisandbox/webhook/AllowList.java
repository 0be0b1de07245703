package org.clinisandbox.webhook;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Receivers that an operator lets through although they are not public, or speak plain http: host
 * names (exact; no wildcards), addresses and CIDR networks.
 */
public final class AllowList {
  private final Set<String> hosts;
  private final List<Network> networks;

  private AllowList(Set<String> hosts, List<Network> networks) {
    this.hosts = Set.copyOf(hosts);
    this.networks = List.copyOf(networks);
  }

  public static AllowList none() {
    return new AllowList(Set.of(), List.of());
  }

  /** This machine only, as in `up` and `demo`. */
  public static AllowList loopback() {
    return parse("127.0.0.0/8,::1");
  }

  /**
   * Reads `CLINISANDBOX_WEBHOOK_ALLOW`.
   *
   * @param text entries with commas between; blank for none
   * @throws IllegalArgumentException naming the entry that is neither host nor network
   */
  public static AllowList parse(String text) {
    if (text.isBlank()) {
      return none();
    }
    Set<String> hosts = new HashSet<>();
    List<Network> networks = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String entry = part.strip().toLowerCase(Locale.ROOT);
      Optional<Network> network = Network.parse(unbracketed(entry));
      if (network.isPresent()) {
        networks.add(network.get());
      } else if (CallbackUrl.isName(entry)) {
        hosts.add(entry);
      } else {
        throw new IllegalArgumentException(
            "CLINISANDBOX_WEBHOOK_ALLOW: \""
                + part.strip()
                + "\" is neither a host name nor an"
                + " address nor a network such as 10.1.0.0/16; scheme, port and wildcards don't"
                + " belong here.");
      }
    }
    return new AllowList(hosts, networks);
  }

  boolean isEmpty() {
    return hosts.isEmpty() && networks.isEmpty();
  }

  boolean covers(String host, InetAddress address) {
    return hosts.contains(host) || networks.stream().anyMatch(n -> n.contains(address));
  }

  private static String unbracketed(String entry) {
    return entry.startsWith("[") && entry.endsWith("]")
        ? entry.substring(1, entry.length() - 1)
        : entry;
  }
}
