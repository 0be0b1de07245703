package org.clinisandbox.cli;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands that serve until they are stopped, and the one that prepares them. */
final class ServeCommands {
  private ServeCommands() {}

  /** Flags that any of them takes. */
  abstract static class Serve implements Callable<Integer> {
    final Roles roles;

    @Option(names = "--port", description = "The port to listen on; 0 takes a free one.")
    @Nullable Integer port;

    @Option(names = "--data", description = "The data folder.")
    @Nullable Path data;

    Serve(Roles roles) {
      this.roles = roles;
    }

    Settings settings() {
      Map<Setting, String> flags = new EnumMap<>(Setting.class);
      if (port != null) {
        flags.put(Setting.CLINISANDBOX_PORT, port.toString());
      }
      if (data != null) {
        flags.put(Setting.CLINISANDBOX_DATA, data.toString());
      }
      return Settings.load(System.getenv(), flags);
    }

    /** Waits for the end of the process, which stops the server. */
    static int serve() throws InterruptedException {
      new CountDownLatch(1).await();
      return 0;
    }
  }

  @Command(
      name = "up",
      description = "API, worker, PostgreSQL and Redis in one process tree, for this machine.")
  static final class Up extends Serve {
    Up(Roles roles) {
      super(roles);
    }

    @Override
    public Integer call() throws InterruptedException {
      Roles.Server server = roles.up(settings(), Cli.progress());
      System.out.println("server " + server.url());
      System.out.println("database " + server.databaseUrl());
      System.out.println("webhook secret in " + server.webhookSecret());
      System.out.flush();
      return serve();
    }
  }

  @Command(name = "api", description = "The HTTP side, against DATABASE_URL and REDIS_URL.")
  static final class Api extends Serve {
    Api(Roles roles) {
      super(roles);
    }

    @Override
    public Integer call() throws InterruptedException {
      System.out.println("server " + roles.api(settings(), Cli.progress()).url());
      return serve();
    }
  }

  @Command(name = "worker", description = "The side that runs models, likewise.")
  static final class Worker extends Serve {
    Worker(Roles roles) {
      super(roles);
    }

    @Override
    public Integer call() throws InterruptedException {
      System.out.println("worker " + roles.worker(settings(), Cli.progress()).url());
      return serve();
    }
  }

  @Command(
      name = "init",
      description = "What a deployment needs once: master key, databases, sample models.")
  static final class Init extends Serve {
    Init(Roles roles) {
      super(roles);
    }

    @Override
    public Integer call() {
      roles.init(settings(), Cli.progress());
      return 0;
    }
  }
}
