package org.clinisandbox.vault;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A real PostgreSQL that waits for the disk, with the key tables in it. */
final class KeyDatabase implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final HikariDataSource source = new HikariDataSource();

  private KeyDatabase(EmbeddedPostgres server) {
    this.server = server;
    source.setDataSource(server.getPostgresDatabase());
  }

  static KeyDatabase start(Path folder) throws IOException {
    var server =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder)
            .setCleanDataDirectory(false)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
    var database = new KeyDatabase(server);
    Flyway.configure()
        .dataSource(database.source())
        .locations("classpath:db/keys")
        .load()
        .migrate();
    return database;
  }

  DataSource source() {
    return source;
  }

  JdbcClient jdbc() {
    return JdbcClient.create(source());
  }

  void empty() {
    jdbc().sql("truncate key_check, tenant_keys, job_keys").update();
  }

  @Override
  public void close() throws IOException {
    source.close();
    server.close();
  }
}
