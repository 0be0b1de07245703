package org.clinisandbox.services;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** From PostgreSQL URLs to connection pools, and what a deployment's databases need once. */
public final class Databases {
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
  private static final Duration SOCKET_PATIENCE = Duration.ofSeconds(30);

  /** Where the main database's migrations are. */
  public static final String MAIN = "classpath:db/main";

  /** Where the key database's migrations are. */
  public static final String KEYS = "classpath:db/keys";

  private Databases() {}

  /** A PostgreSQL address as people write it: {@code postgresql://user:password@host:port/name}. */
  public record Address(
      String host, int port, String name, String user, @Nullable String password, String query) {

    /**
     * Reads an address.
     *
     * @throws ServiceException when it is none; the text is not repeated, as it may hold a password
     */
    public static Address parse(String url) {
      try {
        URI uri = new URI(url);
        String[] user = String.valueOf(uri.getUserInfo()).split(":", 2);
        boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        if (known
            && uri.getHost() != null
            && uri.getPath().length() > 1
            && uri.getUserInfo() != null) {
          return new Address(
              uri.getHost(),
              uri.getPort() < 0 ? 5432 : uri.getPort(),
              uri.getPath().substring(1),
              user[0],
              user.length == 2 ? user[1] : null,
              uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        }
      } catch (URISyntaxException e) {
        // Said below; the exception's message would repeat the password.
      }
      throw new ServiceException(
          "A database URL must read postgresql://user:password@host:port/database.");
    }

    Address named(String other) {
      return new Address(host, port, other, user, password, query);
    }

    String jdbc() {
      return "jdbc:postgresql://" + host + ":" + port + "/" + name + query;
    }
  }

  /** A pool of at most so many connections; it waits at most 5 s for one. */
  public static HikariDataSource pool(String url, int size) {
    Address address = Address.parse(url);
    HikariConfig config = new HikariConfig();
    config.setPoolName(address.name());
    config.setJdbcUrl(address.jdbc());
    config.setUsername(address.user());
    config.setPassword(address.password());
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(CONNECT_PATIENCE.toMillis());
    // What is sent often needs no plan for each set of values; of a bulk insert there would be one
    // for each number of rows.
    config.setConnectionInitSql("set plan_cache_mode = force_generic_plan");
    // A partner that went away without a word must not hold a thread for ever.
    config.addDataSourceProperty("socketTimeout", SOCKET_PATIENCE.toSeconds());
    config.addDataSourceProperty("tcpKeepAlive", true);
    // The pool is made even when the server is away, so that it can come back.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /**
   * Makes the two databases where they are missing, brings their tables up to date and, when the
   * application has a role of its own, makes it and grants it what it needs.
   *
   * @param admin URL of the main database, with the right to create
   * @param adminKeys URL of the key database, likewise
   * @param app the application's own URL, whose role and password are taken; null for none
   */
  public static void prepare(String admin, String adminKeys, @Nullable String app) {
    try {
      Beside<@Nullable Void> keys = Beside.run(() -> make(adminKeys, KEYS));
      make(admin, MAIN);
      keys.result();
      if (app != null) {
        Address role = Address.parse(app);
        grant(admin, role, true);
        grant(adminKeys, role, false);
      }
    } catch (DataAccessException e) {
      // The server's own words: Spring's repeat the statement, which may hold a password.
      throw new ServiceException(
          "The databases could not be prepared: " + e.getMostSpecificCause().getMessage(), e);
    } catch (FlywayException e) {
      throw new ServiceException("The databases could not be prepared: " + e.getMessage(), e);
    }
  }

  private static void make(String url, String scripts) {
    create(url);
    migrate(url, scripts);
  }

  private static void create(String url) {
    Address wanted = Address.parse(url);
    try (HikariDataSource server = single(wanted.named("postgres"))) {
      JdbcClient jdbc = JdbcClient.create(server);
      boolean there =
          jdbc.sql("select exists (select from pg_database where datname = ?)")
              .param(wanted.name())
              .query(Boolean.class)
              .single();
      if (!there) {
        jdbc.sql("create database " + quoted(wanted.name())).update();
      }
    }
  }

  private static void migrate(String url, String scripts) {
    try (HikariDataSource database = single(Address.parse(url))) {
      flyway(database, scripts).migrate();
    }
  }

  private static void grant(String url, Address role, boolean makeRole) {
    try (HikariDataSource database = single(Address.parse(url))) {
      JdbcClient jdbc = JdbcClient.create(database);
      String name = quoted(role.user());
      if (makeRole) {
        boolean there =
            jdbc.sql("select exists (select from pg_roles where rolname = ?)")
                .param(role.user())
                .query(Boolean.class)
                .single();
        String password = role.password() == null ? "" : " password " + literal(role.password());
        jdbc.sql((there ? "alter role " : "create role ") + name + " login" + password).update();
      }
      jdbc.sql("grant usage on schema public to " + name).update();
      jdbc.sql("grant select, insert, update, delete on all tables in schema public to " + name)
          .update();
    }
  }

  /**
   * Checks that the tables are those this version works with.
   *
   * @throws ServiceException saying to run {@code init}, or that the database is away
   */
  public static void checkMigrated(DataSource database, String scripts) {
    try {
      Flyway flyway = flyway(database, scripts);
      if (flyway.info().pending().length == 0) {
        flyway.validate();
        return;
      }
    } catch (FlywayException e) {
      throw new ServiceException(
          "The database cannot be used: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
    throw new ServiceException(
        "The database has not been prepared: run `clinisandbox init` first.");
  }

  private static Flyway flyway(DataSource database, String scripts) {
    return Flyway.configure().dataSource(database).locations(scripts).load();
  }

  private static HikariDataSource single(Address address) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(address.jdbc());
    config.setUsername(address.user());
    config.setPassword(address.password());
    config.setMaximumPoolSize(2);
    return new HikariDataSource(config);
  }

  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
