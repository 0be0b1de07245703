package org.clinisandbox.services;

import java.io.IOException;
import java.util.List;

/**
 * Ends the servers when this process dies without a chance to do so itself. A shell waits at the
 * end of a pipe that only this process holds open; the system closes it at any death, kill -9
 * included. The shell ignores the terminal's signals, so that Ctrl-C reaches the drain first.
 */
final class Watchdog implements AutoCloseable {
  private final Process shell;

  private Watchdog(Process shell) {
    this.shell = shell;
  }

  /**
   * @param fast processes that end at once, and cleanly, on SIGINT
   * @param gentle processes that do so on SIGTERM
   */
  static Watchdog over(List<Long> fast, List<Long> gentle) throws IOException {
    String script =
        "trap '' INT TERM HUP; read -r word; [ \"$word\" = done ] && exit; "
            + kill("INT", fast)
            + kill("TERM", gentle);
    Process shell =
        new ProcessBuilder("sh", "-c", script)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new Watchdog(shell);
  }

  private static String kill(String signal, List<Long> pids) {
    StringBuilder words = new StringBuilder();
    pids.forEach(pid -> words.append("kill -").append(signal).append(' ').append(pid).append("; "));
    return words.toString();
  }

  /** The servers have been stopped already: go without touching anything. */
  @Override
  public void close() throws IOException {
    try (var pipe = shell.outputWriter()) {
      pipe.write("done\n");
    }
  }
}
