package org.clinisandbox.services;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Ends the servers when this process dies without a chance to do so itself. A shell waits at the
 * end of a pipe that only this process holds open; the system closes it at any death, kill -9
 * included. The shell ignores the terminal's signals, so that Ctrl-C reaches the drain first.
 */
final class Watchdog implements AutoCloseable {
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      read -r word
      [ "$word" = done ] && exit
      [ -f "$1" ] && kill -INT "$(head -n 1 "$1")"
      [ -f "$2" ] && kill -TERM "$(head -n 1 "$2")"
      """;

  private final Process shell;

  private Watchdog(Process shell) {
    this.shell = shell;
  }

  /**
   * Watches over what these files name when the time comes; they need not exist yet.
   *
   * @param postgres pid file of a server that ends at once, and cleanly, on SIGINT
   * @param redis pid file of one that does so on SIGTERM
   */
  static Watchdog over(Path postgres, Path redis) throws IOException {
    Process shell =
        new ProcessBuilder(
                "sh", "-c", SCRIPT, "clinisandbox-watchdog", postgres.toString(), redis.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new Watchdog(shell);
  }

  /** The servers have been stopped already: go without touching anything. */
  @Override
  public void close() throws IOException {
    try (var pipe = shell.outputWriter()) {
      pipe.write("done\n");
    }
  }
}
