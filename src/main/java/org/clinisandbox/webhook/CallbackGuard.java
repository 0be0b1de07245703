package org.clinisandbox.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Keeps webhooks away from everything but public receivers, so that a client can't make the
 * platform call its own network (SSRF). A URL is vetted when it is saved and again for each dial,
 * since names change their addresses; what is dialled are the addresses vetted then, and no others.
 */
public final class CallbackGuard {
  private static final Vetted PLAIN_HTTP =
      new Vetted.Refused(
          "The callback URL must begin with https://; plain http is for receivers in"
              + " CLINISANDBOX_WEBHOOK_ALLOW.");

  private final AllowList allowed;
  private final Resolver resolver;

  public CallbackGuard(AllowList allowed, Resolver resolver) {
    this.allowed = allowed;
    this.resolver = resolver;
  }

  /** Vets a URL as it stands now; may wait for the name's resolution. */
  public Vetted vet(String url) {
    return switch (CallbackUrl.parse(url)) {
      case CallbackUrl.Invalid(String reason) -> new Vetted.Refused(reason);
      case CallbackUrl.Valid valid -> vet(valid);
    };
  }

  private Vetted vet(CallbackUrl.Valid url) {
    if (!url.secure() && allowed.isEmpty()) {
      return PLAIN_HTTP;
    }
    List<InetAddress> addresses;
    try {
      addresses =
          url.literal().isPresent()
              ? List.of(url.literal().get())
              : List.copyOf(resolver.resolve(url.host()));
    } catch (UnknownHostException e) {
      addresses = List.of();
    }
    if (addresses.isEmpty()) {
      return new Vetted.Unresolved("The callback URL's host has no address.");
    }
    for (InetAddress address : addresses) {
      if (allowed.covers(url.host(), address)) {
        continue;
      }
      // The address stays unnamed: what a name stands for inside is not the client's to learn.
      Optional<String> special = SpecialRanges.nameOf(address);
      if (special.isPresent()) {
        return new Vetted.Refused(
            "The callback URL's host has an address that is not public (" + special.get() + ").");
      }
      if (!url.secure()) {
        return PLAIN_HTTP;
      }
    }
    return new Vetted.Allowed(url.uri(), addresses);
  }
}
