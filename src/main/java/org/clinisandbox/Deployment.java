package org.clinisandbox;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.clinisandbox.registry.Registry;
import org.clinisandbox.sandbox.ModelImages;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.services.Databases;
import org.clinisandbox.services.OwnerOnly;
import org.clinisandbox.services.ServiceException;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.clinisandbox.settings.SettingsException;
import org.clinisandbox.tenant.Tenants;
import org.clinisandbox.vault.MasterKey;
import org.clinisandbox.vault.MasterKeyException;
import org.clinisandbox.vault.Vault;
import org.clinisandbox.webhook.WebhookSecret;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What a deployment needs once. Every step may be done again and then changes nothing. */
final class Deployment {
  /** The sample models, by folder below {@code models}. */
  private static final List<String> SAMPLES =
      List.of("news2", "ckd-epi-2021", "kfre-4", "kfre-8", "ascvd-pce", "fib-4", "qsofa");

  private Deployment() {}

  static void init(Settings settings, Consumer<String> progress) {
    progress.accept("preparing the databases");
    String main = settings.text(Setting.DATABASE_URL);
    String keys = settings.keysDatabaseUrl();
    Databases.prepare(main, keys, settings.get(Setting.CLINISANDBOX_APP_DATABASE_URL).orElse(null));
    try (HikariDataSource database = Databases.pool(main, 2);
        HikariDataSource keyDatabase = Databases.pool(keys, 2)) {
      Vault vault = Vault.open(keyDatabase, masterKeyOrNew(settings, keyDatabase));
      addLocalTenant(settings, new Tenants(database, vault));
      registerSamples(settings, new Registry(JdbcClient.create(database)));
    } catch (MasterKeyException e) {
      throw new SettingsException(String.valueOf(e.getMessage()));
    }
  }

  /** The master key that the settings name; never a new one. */
  static MasterKey masterKey(Settings settings) throws MasterKeyException {
    var text = settings.get(Setting.CLINISANDBOX_MASTER_KEY);
    return text.isPresent()
        ? MasterKey.fromBase64(text.get())
        : MasterKey.fromFile(masterKeyFile(settings));
  }

  private static MasterKey masterKeyOrNew(Settings settings, DataSource keys)
      throws MasterKeyException {
    Path file = masterKeyFile(settings);
    if (settings.get(Setting.CLINISANDBOX_MASTER_KEY).isPresent() || Files.exists(file)) {
      return masterKey(settings);
    }
    if (!Vault.isEmpty(keys)) {
      throw new SettingsException(
          "The key database was made with a master key, but "
              + file
              + " is not there. Put it back, or name it with CLINISANDBOX_MASTER_KEY_FILE.");
    }
    makeFolder(file);
    return MasterKey.createFile(file);
  }

  private static Path masterKeyFile(Settings settings) {
    return settings.get(Setting.CLINISANDBOX_MASTER_KEY_FILE).isPresent()
        ? settings.path(Setting.CLINISANDBOX_MASTER_KEY_FILE)
        : settings.path(Setting.CLINISANDBOX_DATA).resolve("master.key");
  }

  static Path webhookSecretFile(Settings settings) {
    return settings.path(Setting.CLINISANDBOX_DATA).resolve("webhook.secret");
  }

  private static void addLocalTenant(Settings settings, Tenants tenants) {
    tenants.add(Tenants.LOCAL, WebhookSecret.generate().unsafeReveal());
    Path file = webhookSecretFile(settings);
    makeFolder(file);
    OwnerOnly.write(file, tenants.webhookSecret(Tenants.LOCAL).orElseThrow() + "\n");
  }

  private static void makeFolder(Path file) {
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void registerSamples(Settings settings, Registry registry) {
    Path home = settings.path(Setting.CLINISANDBOX_HOME);
    ModelImages images = HostModels.images(settings, home);
    for (String sample : SAMPLES) {
      Path file = home.resolve("models").resolve(sample).resolve("manifest.yaml");
      try {
        JsonNode document = ManifestReader.fromYaml(Files.readAllBytes(file));
        switch (ManifestReader.read(document)) {
          case ManifestReading.Refused refused ->
              throw new ServiceException(
                  "The manifest " + file + " has mistakes: " + refused.sentence());
          case ManifestReading.Read(Manifest manifest) ->
              registry.registerSample(
                  ManifestReader.toRow(document), images.resolve(manifest).digest());
        }
      } catch (IOException | SandboxException e) {
        throw new ServiceException(
            "The sample model "
                + sample
                + " cannot be read: is "
                + home
                + " the folder of CliniSandbox? CLINISANDBOX_HOME names it.",
            e);
      }
    }
  }
}
