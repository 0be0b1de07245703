package org.clinisandbox.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that outlived the process that started it. It would hold the data folder's files, so it
 * is ended before its successor starts. Only a process whose program lies in this data folder
 * counts: the number in an old file may belong to somebody else by now.
 */
final class Orphan {
  private static final int PATIENCE_SECONDS = 20;

  private Orphan() {}

  static void end(Path pidFile, Path binaries) {
    find(pidFile, binaries)
        .ifPresent(
            process -> {
              process.destroy();
              if (!ended(process)) {
                process.destroyForcibly();
                ended(process);
              }
            });
  }

  private static Optional<ProcessHandle> find(Path pidFile, Path binaries) {
    try {
      if (!Files.exists(pidFile)) {
        return Optional.empty();
      }
      long pid = Long.parseLong(Files.readString(pidFile).lines().findFirst().orElse("").trim());
      return ProcessHandle.of(pid)
          .filter(p -> p.info().command().filter(c -> Path.of(c).startsWith(binaries)).isPresent());
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean ended(ProcessHandle process) {
    try {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
