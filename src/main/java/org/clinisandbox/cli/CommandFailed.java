package org.clinisandbox.cli;

/** A command could not do its work; the message is one plain sentence. */
final class CommandFailed extends RuntimeException {
  CommandFailed(String message) {
    super(message);
  }
}
