package org.clinisandbox.tenant;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.sql.DataSource;
import org.clinisandbox.vault.Vault;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Client organisations. Each one's webhook secret is kept under that tenant's own key. */
public final class Tenants {
  /** The tenant that requests without a token act as, where that is allowed. */
  public static final String LOCAL = "local";

  private static final String WEBHOOK_SECRET = "webhook-secret";

  private final JdbcClient jdbc;
  private final Vault vault;

  public Tenants(DataSource database, Vault vault) {
    this.jdbc = JdbcClient.create(database);
    this.vault = vault;
  }

  /** Adds a tenant with its webhook secret; one that is there already keeps its own. */
  public void add(String name, String webhookSecret) {
    byte[] secret =
        vault.tenant(name).seal(WEBHOOK_SECRET, webhookSecret.getBytes(StandardCharsets.UTF_8));
    jdbc.sql("insert into tenants (name, webhook_secret) values (?, ?) on conflict do nothing")
        .params(name, secret)
        .update();
  }

  /** The secret that a tenant's webhooks are signed with, {@code whsec_…}. */
  public Optional<String> webhookSecret(String name) {
    return jdbc.sql("select webhook_secret from tenants where name = ?")
        .param(name)
        .query(byte[].class)
        .optional()
        .map(ciphertext -> vault.tenant(name).open(WEBHOOK_SECRET, ciphertext))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }
}
