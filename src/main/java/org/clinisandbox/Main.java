package org.clinisandbox;

import org.clinisandbox.cli.Cli;

/** Entry point: the command line, over the roles that a process can take. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(Cli.run(new Node(), args));
  }
}
