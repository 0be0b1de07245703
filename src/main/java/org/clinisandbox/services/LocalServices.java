package org.clinisandbox.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL and a real Redis on loopback, and a watchdog over both. */
public final class LocalServices implements AutoCloseable {
  private static final String DATABASE = "clinisandbox";
  private static final String APP_ROLE = "clinisandbox";

  private final DataFolder folder;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private @Nullable LocalPostgres postgres;
  private @Nullable LocalRedis redis;
  private boolean closed;

  /**
   * Nothing is started yet; it can be closed all the same.
   *
   * @param folder where their files are
   */
  public LocalServices(DataFolder folder) {
    this.folder = folder;
  }

  /**
   * Starts both, after ending what an earlier run may have left behind.
   *
   * @param progress is told each step, for people
   * @throws ServiceException when one does not start; what did start is for {@link #close}
   */
  public synchronized void start(Consumer<String> progress) {
    if (closed) {
      throw new ServiceException("The process is ending.");
    }
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows")) {
      throw new ServiceException(
          "The Redis that comes along for Windows is 5.0, which is too old (6.2 is needed)."
              + " Start a Redis yourself, for instance in WSL, and set DATABASE_URL and REDIS_URL.");
    }
    Path binaries = folder.resolve("bin");
    Path database = folder.resolve("postgres");
    Path redisFiles = folder.resolve("redis");
    Path postgresPid = database.resolve("postmaster.pid");
    Path redisPid = redisFiles.resolve("redis.pid");
    Orphan.end(postgresPid, binaries);
    Orphan.end(redisPid, binaries);
    try {
      Files.deleteIfExists(redisPid);
      Files.createDirectories(binaries);
      Files.createDirectories(redisFiles);
      running.push(Watchdog.over(postgresPid, redisPid));
      progress.accept("starting PostgreSQL and Redis");
      Beside<LocalRedis> beside = Beside.start(() -> redis(redisFiles, binaries));
      try {
        postgres = LocalPostgres.start(folder, database, binaries);
        running.push(postgres);
      } finally {
        redis = beside.result();
        running.push(redis);
      }
    } catch (IOException | UncheckedIOException | SQLException e) {
      throw new ServiceException(
          "A local server did not start: "
              + e.getMessage()
              + ". Its log is "
              + folder.resolve("postgres.log")
              + ".",
          e);
    }
  }

  private LocalRedis redis(Path files, Path binaries) {
    try {
      return LocalRedis.start(folder, files, binaries);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** The main database's address, for its superuser. */
  public synchronized String adminUrl() {
    LocalPostgres server = Objects.requireNonNull(postgres);
    return url(LocalPostgres.SUPERUSER, server.password(), server.port());
  }

  /** The main database's address for the application, under a role of its own. */
  public synchronized String appUrl() {
    try {
      String password = OwnerOnly.password(folder.resolve("postgres.app"));
      return url(APP_ROLE, password, Objects.requireNonNull(postgres).port());
    } catch (IOException e) {
      throw new ServiceException("A password could not be read from " + folder + ".", e);
    }
  }

  private static String url(String user, String password, int port) {
    return "postgresql://" + user + ":" + password + "@127.0.0.1:" + port + "/" + DATABASE;
  }

  public synchronized String redisUrl() {
    return Objects.requireNonNull(redis).url();
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
