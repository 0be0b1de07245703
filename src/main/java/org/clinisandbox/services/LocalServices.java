package org.clinisandbox.services;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;

/**
 * A real PostgreSQL and a real Redis on loopback, with their files in a data folder. A commit is on
 * the disk when it returns: fsync and synchronous_commit are on.
 */
public final class LocalServices implements AutoCloseable {
  private static final Duration POSTGRES_PATIENCE = Duration.ofSeconds(60);

  private final EmbeddedPostgres postgres;
  private final RedisServer redis;
  private final Watchdog watchdog;

  private LocalServices(EmbeddedPostgres postgres, RedisServer redis, Watchdog watchdog) {
    this.postgres = postgres;
    this.redis = redis;
    this.watchdog = watchdog;
  }

  /**
   * Starts both, after ending what an earlier run may have left behind.
   *
   * @param progress is told each step, for people
   * @throws ServiceException when one does not start
   */
  public static LocalServices start(DataFolder folder, Consumer<String> progress) {
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows")) {
      throw new ServiceException(
          "The Redis that comes along for Windows is 5.0, which is too old (6.2 is needed)."
              + " Start a Redis yourself, for instance in WSL, and set DATABASE_URL and REDIS_URL.");
    }
    Path binaries = folder.resolve("bin");
    Path database = folder.resolve("postgres");
    Path redisFiles = folder.resolve("redis");
    Orphan.end(database.resolve("postmaster.pid"), binaries);
    Orphan.end(redisFiles.resolve("redis.pid"), binaries);
    try {
      Files.createDirectories(binaries);
      Files.createDirectories(redisFiles);
      progress.accept("starting PostgreSQL");
      EmbeddedPostgres postgres = postgres(folder, database, binaries);
      progress.accept("starting Redis");
      RedisServer redis = redis(redisFiles, binaries);
      Watchdog watchdog =
          Watchdog.over(
              List.of(pid(database.resolve("postmaster.pid"))),
              List.of(pid(redisFiles.resolve("redis.pid"))));
      return new LocalServices(postgres, redis, watchdog);
    } catch (IOException e) {
      throw new ServiceException(
          "A local server did not start: "
              + e.getMessage()
              + ". Its log is "
              + folder.resolve("postgres.log")
              + ".",
          e);
    }
  }

  private static EmbeddedPostgres postgres(DataFolder folder, Path database, Path binaries)
      throws IOException {
    var log = ProcessBuilder.Redirect.appendTo(folder.resolve("postgres.log").toFile());
    return EmbeddedPostgres.builder()
        .setDataDirectory(database)
        .setOverrideWorkingDirectory(binaries.toFile())
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setPGStartupWait(POSTGRES_PATIENCE)
        .setLocaleConfig("locale", "C")
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("unix_socket_directories", "")
        .setServerConfig("max_connections", "100")
        .setServerConfig("log_error_verbosity", "terse")
        .setOutputRedirector(log)
        .start();
  }

  private static RedisServer redis(Path files, Path binaries) throws IOException {
    int port = freePort();
    Path program = ExecutableProvider.newJarResourceProvider(binaries.toFile()).get().toPath();
    RedisServer redis =
        new RedisServer(
            port,
            List.of(
                program.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                files.toString(),
                "--pidfile",
                files.resolve("redis.pid").toString(),
                "--appendonly",
                "yes",
                "--save",
                ""),
            false,
            line -> {},
            line -> {});
    redis.start();
    return redis;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static long pid(Path file) throws IOException {
    return Long.parseLong(Files.readAllLines(file).getFirst().trim());
  }

  /** The database server's address, for its superuser; the database's name is to be appended. */
  public String postgresUrl(String user, String database) {
    return "postgresql://" + user + "@127.0.0.1:" + postgres.getPort() + "/" + database;
  }

  public String redisUrl() {
    return "redis://127.0.0.1:" + redis.ports().getFirst();
  }

  @Override
  public void close() throws IOException {
    redis.stop();
    postgres.close();
    watchdog.close();
  }
}
