package org.clinisandbox;

import java.util.Locale;
import org.clinisandbox.cli.Cli;

/** Entry point: the command line, over the roles that a process can take. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // The validator's messages, which findings are made from, follow the default language.
    Locale.setDefault(Locale.ENGLISH);
    System.exit(Cli.run(new Node(), args));
  }
}
