package org.clinisandbox.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;

/** What the guard says of a callback URL at one moment. */
public sealed interface Vetted {
  /** It may be called, at exactly these addresses. */
  record Allowed(URI uri, List<InetAddress> addresses) implements Vetted {
    public Allowed {
      addresses = List.copyOf(addresses);
    }

    /** Without the URL: its query may hold a secret. */
    @Override
    public String toString() {
      return "Allowed[" + uri.getHost() + "]";
    }
  }

  /** It must not be called. The reason is one sentence for the client, without the URL. */
  record Refused(String reason) implements Vetted {}

  /** Its host has no address just now, which may pass. */
  record Unresolved(String reason) implements Vetted {}
}
