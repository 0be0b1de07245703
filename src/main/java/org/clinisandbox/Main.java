package org.clinisandbox;

import java.util.Locale;
import org.clinisandbox.cli.Cli;
import org.slf4j.LoggerFactory;

/** Entry point: the command line, over the roles that a process can take. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // The logging system is made ready by one thread, before several of them want it.
    LoggerFactory.getILoggerFactory();
    // The validator's messages, which findings are made from, follow the default language.
    Locale.setDefault(Locale.ENGLISH);
    System.exit(Cli.run(new Node(), args));
  }
}
