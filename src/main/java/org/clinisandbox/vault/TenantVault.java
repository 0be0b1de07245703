package org.clinisandbox.vault;

/** Seals what belongs to a tenant rather than to one job: its webhook secret, for one. */
public final class TenantVault {
  private final Vault vault;
  private final String tenant;

  TenantVault(Vault vault, String tenant) {
    this.vault = vault;
    this.tenant = tenant;
  }

  public byte[] seal(String purpose, byte[] plaintext) {
    return vault.tenantKeys(tenant).seal(plaintext, Binding.secret(tenant, purpose));
  }

  /**
   * Opens what was sealed for the same tenant and purpose.
   *
   * @throws Unreadable when it does not authenticate
   */
  public byte[] open(String purpose, byte[] ciphertext) {
    return vault.withTenantKeys(
        tenant,
        "The secret " + purpose + " of tenant " + tenant,
        aead -> aead.decrypt(ciphertext, Binding.secret(tenant, purpose)));
  }

  /** HMAC-SHA256, 32 bytes, under a key of the tenant's that is never rotated. */
  public byte[] mac(byte[] data) {
    return vault.tenantKeys(tenant).mac(data);
  }

  @Override
  public String toString() {
    return "TenantVault[" + tenant + "]";
  }
}
