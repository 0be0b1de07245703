package org.clinisandbox.services;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A PostgreSQL on loopback with its files in a data folder. A commit is on the disk when it
 * returns: fsync and synchronous_commit are on. Its superuser has a password, since any user of
 * this machine reaches the port, and a superuser can read its owner's files.
 */
final class LocalPostgres implements AutoCloseable {
  static final String SUPERUSER = "postgres";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String RULES =
      """
      host all all 127.0.0.1/32 scram-sha-256
      host all all ::1/128 scram-sha-256
      """;

  private final EmbeddedPostgres server;
  private final String password;

  private LocalPostgres(EmbeddedPostgres server, String password) {
    this.server = server;
    this.password = password;
  }

  static LocalPostgres start(DataFolder folder, Path files, Path binaries)
      throws IOException, SQLException {
    String password = OwnerOnly.password(folder.resolve("postgres.superuser"));
    var log = ProcessBuilder.Redirect.appendTo(folder.resolve("postgres.log").toFile());
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(files)
            .setOverrideWorkingDirectory(binaries.toFile())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(PATIENCE)
            .setLocaleConfig("locale", "C")
            .setConnectConfig("password", password)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("unix_socket_directories", "")
            .setServerConfig("max_connections", "100")
            .setServerConfig("log_error_verbosity", "terse")
            .setOutputRedirector(log)
            .start();
    LocalPostgres postgres = new LocalPostgres(server, password);
    try {
      postgres.demandPasswords(files.resolve("pg_hba.conf"));
      return postgres;
    } catch (IOException | SQLException e) {
      postgres.close();
      throw e;
    }
  }

  /** A new one trusts everybody until this is done, which is before anything is stored. */
  private void demandPasswords(Path rules) throws IOException, SQLException {
    if (Files.readString(rules).equals(RULES)) {
      return;
    }
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("alter role " + SUPERUSER + " password '" + password + "'");
      Files.writeString(rules, RULES);
      statement.execute("select pg_reload_conf()");
    }
  }

  int port() {
    return server.getPort();
  }

  String password() {
    return password;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
