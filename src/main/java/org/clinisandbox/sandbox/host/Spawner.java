package org.clinisandbox.sandbox.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes from one thread that never ends: a process that is to die with its parent dies,
 * in Linux, with the thread that made it.
 */
final class Spawner {
  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("spawner").daemon().factory());

  private Spawner() {}

  /**
   * A process with no environment, its three streams piped to this one.
   *
   * @param folder its working folder; this process' when null
   */
  static Process start(List<String> command, @Nullable Path folder) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder == null ? null : folder.toFile());
    builder.environment().clear();
    try {
      return THREAD.submit(builder::start).get();
    } catch (ExecutionException e) {
      throw new IOException("cannot start " + command.getFirst(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
