package org.clinisandbox.cli;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.clinisandbox.sandbox.ModelHost;
import org.clinisandbox.settings.Settings;

/** What a process can be. */
public interface Roles {
  /**
   * API and worker in one process, with PostgreSQL and Redis beside it unless the settings name
   * others. Returns when it is ready.
   */
  Server up(Settings settings, Consumer<String> progress);

  /** The HTTP side alone. */
  Server api(Settings settings, Consumer<String> progress);

  /** The side that runs models, alone; its HTTP port answers health and figures only. */
  Server worker(Settings settings, Consumer<String> progress);

  /** What a deployment needs once: master key if none, databases, sample models. */
  void init(Settings settings, Consumer<String> progress);

  /**
   * What models run in here: every backend, whether this host can use it or not.
   *
   * @param home the folder that image paths start from
   */
  ModelHost modelHost(Settings settings, Path home);

  /** A running process. Closing it stops everything in order; it may be closed twice. */
  interface Server extends AutoCloseable {
    /** Where it is reached, without a slash at the end. */
    String url();

    /** The main database, as psql takes it. */
    String databaseUrl();

    /**
     * The file with the secret that webhooks are signed with; it may be absent with {@code api}.
     */
    Path webhookSecret();

    @Override
    void close();
  }
}
