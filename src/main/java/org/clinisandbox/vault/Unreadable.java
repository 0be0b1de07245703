package org.clinisandbox.vault;

/**
 * A ciphertext or a wrapped key does not authenticate: it was changed, or belongs to another
 * tenant, job or column. Nobody can repair that, so it is unchecked: it ends the request and is
 * audited. The message names the place and carries no content; there is no cause.
 */
public final class Unreadable extends RuntimeException {
  Unreadable(String place) {
    super(place + " does not authenticate: it was changed or belongs elsewhere.");
  }
}
