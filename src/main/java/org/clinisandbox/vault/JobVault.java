package org.clinisandbox.vault;

import java.security.GeneralSecurityException;
import java.util.UUID;

/**
 * Seals and opens the columns of one job. It holds the unwrapped keys: keep it for one piece of
 * work only, since it can still read after the job's keys were destroyed.
 */
public final class JobVault {
  private final String tenant;
  private final UUID job;
  private final Keys keys;

  JobVault(String tenant, UUID job, Keys keys) {
    this.tenant = tenant;
    this.job = job;
    this.keys = keys;
  }

  String tenant() {
    return tenant;
  }

  /** Whose keys they are: of the job, or of the negotiation, with this id. */
  public UUID job() {
    return job;
  }

  public byte[] seal(Column column, byte[] plaintext) {
    return keys.seal(plaintext, Binding.column(tenant, job, column));
  }

  /**
   * Opens what was sealed for the same tenant, job and column.
   *
   * @throws Unreadable when it does not authenticate
   */
  public byte[] open(Column column, byte[] ciphertext) {
    try {
      return keys.aead().decrypt(ciphertext, Binding.column(tenant, job, column));
    } catch (GeneralSecurityException e) {
      throw new Unreadable("The column " + column + " of job " + job);
    }
  }

  /** HMAC-SHA256, 32 bytes, under a key that is destroyed with the job's. */
  public byte[] mac(byte[] data) {
    return keys.mac(data);
  }

  @Override
  public String toString() {
    return "JobVault[" + job + "]";
  }
}
