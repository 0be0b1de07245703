package org.clinisandbox.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import org.clinisandbox.registry.MalformedManifestException;
import org.clinisandbox.services.ServiceException;
import org.clinisandbox.settings.SettingsException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. Exit codes: 0 done, 1 the work failed, 2 usage. */
@Command(
    name = "clinisandbox",
    description = "Stands between FHIR R4 clients and diagnostic models that nobody can open.",
    subcommands = HelpCommand.class)
public final class Cli {
  private static final int FAILED = 1;

  private Cli() {}

  /** Runs one command line; returns its exit code. */
  public static int run(Roles roles, String... args) {
    CommandLine line = new CommandLine(new Cli());
    line.addSubcommand(new ServeCommands.Up(roles));
    line.addSubcommand(new ServeCommands.Api(roles));
    line.addSubcommand(new ServeCommands.Worker(roles));
    line.addSubcommand(new ServeCommands.Init(roles));
    line.addSubcommand(new DemoCommand(roles));
    line.addSubcommand(new SampleCommand());
    line.addSubcommand(new DoctorCommand(roles));
    line.addSubcommand(new ModelsCommand(roles));
    line.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          PrintWriter err = failed.getErr();
          sentence(exception).lines().forEach(text -> err.println("clinisandbox: " + text));
          return FAILED;
        });
    return line.execute(args);
  }

  /** The first cause that has something to say to an operator. */
  private static String sentence(Throwable exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof SettingsException
          || cause instanceof ServiceException
          || cause instanceof MalformedManifestException
          || cause instanceof CommandFailed) {
        return String.valueOf(cause.getMessage());
      }
    }
    Throwable root = root(exception);
    return "It failed: " + root.getClass().getSimpleName() + message(root.getMessage());
  }

  private static Throwable root(Throwable exception) {
    Throwable cause = exception;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String message(@Nullable String message) {
    return message == null ? "." : ": " + message.lines().findFirst().orElse("");
  }

  /** Where a starting process tells people what it is doing: never stdout, which is for results. */
  static Consumer<String> progress() {
    long began = System.nanoTime();
    return step -> System.err.printf("%6.1f s  %s%n", (System.nanoTime() - began) / 1e9, step);
  }
}
