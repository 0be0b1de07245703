package org.clinisandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.clinisandbox.cli.Roles;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.sandbox.ModelHost;
import org.clinisandbox.services.DataFolder;
import org.clinisandbox.services.LocalServices;
import org.clinisandbox.services.ServiceException;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.clinisandbox.settings.SettingsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** Starts and stops the roles of a process, in order. */
final class Node implements Roles {
  @Override
  public Server up(Settings given, Consumer<String> progress) {
    requireLoopback(given);
    readAhead();
    Settings settings = withPort(given).with(Map.of(Setting.CLINISANDBOX_AUTH, "local"));
    Stack stack = new Stack();
    return start(
        settings,
        () -> prepared(settings, progress, stack),
        progress,
        stack,
        ApiWiring.class,
        WorkerWiring.class);
  }

  /** Starts the servers and makes what a deployment needs: the settings to run with. */
  private static Settings prepared(Settings given, Consumer<String> progress, Stack stack) {
    Settings settings = given;
    DataFolder folder = stack.push(DataFolder.open(settings.path(Setting.CLINISANDBOX_DATA)));
    if (settings.get(Setting.DATABASE_URL).isEmpty()) {
      LocalServices services = stack.push(new LocalServices(folder));
      services.start(progress);
      settings = withLocalServices(settings, services);
    }
    Deployment.init(settings, progress);
    String app = settings.get(Setting.CLINISANDBOX_APP_DATABASE_URL).orElse(null);
    return settings
        .with(Map.of(Setting.CLINISANDBOX_WEBHOOK_ALLOW, allowLoopback(settings)))
        .with(app == null ? Map.of() : Map.of(Setting.DATABASE_URL, app));
  }

  private static Settings withLocalServices(Settings settings, LocalServices services) {
    return settings.with(
        Map.of(
            Setting.DATABASE_URL, services.adminUrl(),
            Setting.CLINISANDBOX_APP_DATABASE_URL, services.appUrl(),
            Setting.REDIS_URL, services.redisUrl()));
  }

  /** A receiver on this machine is what somebody who tries it out has. */
  private static String allowLoopback(Settings settings) {
    String loopback = "localhost,127.0.0.0/8,::1/128";
    return settings
        .get(Setting.CLINISANDBOX_WEBHOOK_ALLOW)
        .map(given -> given + "," + loopback)
        .orElse(loopback);
  }

  @Override
  public Server api(Settings settings, Consumer<String> progress) {
    if (settings.get(Setting.CLINISANDBOX_AUTH).isEmpty()) {
      throw new SettingsException(
          "CLINISANDBOX_AUTH is not set. Set it to local if nothing but this machine reaches the"
              + " port: requests then need no token.");
    }
    readAhead();
    return start(withPort(settings), progress, ApiWiring.class);
  }

  @Override
  public Server worker(Settings settings, Consumer<String> progress) {
    // Webhooks link to the job at the API, which is another process.
    settings.text(Setting.CLINISANDBOX_PUBLIC_URL);
    return start(withPort(settings), progress, WorkerWiring.class);
  }

  @Override
  public void init(Settings settings, Consumer<String> progress) {
    Deployment.init(settings, progress);
  }

  @Override
  public ModelHost modelHost(Settings settings, Path home) {
    return HostModels.open(settings, home);
  }

  /** Reads R4's definitions while the servers and the rest are starting. */
  private static void readAhead() {
    Thread.ofPlatform().daemon().name("definitions").start(() -> new BundleCheck(1));
  }

  private static void requireLoopback(Settings settings) {
    String address = settings.text(Setting.CLINISANDBOX_ADDRESS);
    try {
      if (InetAddress.getByName(address).isLoopbackAddress()) {
        return;
      }
    } catch (IOException e) {
      // Said below.
    }
    throw new SettingsException(
        "`up` needs no token and so serves this machine alone: CLINISANDBOX_ADDRESS must be a"
            + " loopback address.");
  }

  private static Settings withPort(Settings settings) {
    if (settings.port() != 0) {
      return settings;
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return settings.with(
          Map.of(Setting.CLINISANDBOX_PORT, Integer.toString(socket.getLocalPort())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Server start(Settings settings, Consumer<String> progress, Class<?> role) {
    return start(settings, () -> settings, progress, new Stack(), role);
  }

  /**
   * @param settings as far as they are known
   * @param prepared what has to be there before the roles, and all settings; it is made while
   *     Spring reads the roles' classes, and who needs a setting waits for it
   */
  private static Server start(
      Settings settings,
      Supplier<Settings> prepared,
      Consumer<String> progress,
      Stack stack,
      Class<?>... roles) {
    String url =
        settings
            .get(Setting.CLINISANDBOX_PUBLIC_URL)
            .map(given -> given.replaceFirst("/+$", ""))
            .orElse("http://localhost:" + settings.port());
    CompletableFuture<Settings> complete =
        CompletableFuture.supplyAsync(
            () -> prepared.get().with(Map.of(Setting.CLINISANDBOX_PUBLIC_URL, url)),
            work -> Thread.ofPlatform().daemon().name("preparing").start(work));
    try {
      stack.push(context(settings, complete::join, progress, roles));
    } catch (RuntimeException e) {
      stack.close();
      throw e.getCause() instanceof PortInUseException taken ? portTaken(taken.getPort()) : e;
    }
    return new Running(complete.join(), url, stack);
  }

  private static SettingsException portTaken(int port) {
    return new SettingsException(
        "The port "
            + port
            + " is in use by another program. Stop that, or name another port with --port or"
            + " CLINISANDBOX_PORT.");
  }

  private static ConfigurableApplicationContext context(
      Settings known, Supplier<Settings> settings, Consumer<String> progress, Class<?>... roles) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("server.port", known.port());
    properties.put("server.address", known.text(Setting.CLINISANDBOX_ADDRESS));
    ApplicationContextInitializer<GenericApplicationContext> given =
        context -> {
          context.registerBean(Settings.class, settings);
          context.registerBean(Progress.class, () -> new Progress(progress));
        };
    return new SpringApplicationBuilder(
            Stream.concat(Stream.of(CoreWiring.class), Stream.of(roles)).toArray(Class<?>[]::new))
        .bannerMode(Banner.Mode.OFF)
        .logStartupInfo(false)
        .registerShutdownHook(false)
        .properties(properties)
        .initializers(given)
        .run();
  }

  private record Running(Settings settings, String url, Stack stack) implements Server {
    @Override
    public String databaseUrl() {
      return settings.text(Setting.DATABASE_URL);
    }

    @Override
    public Path webhookSecret() {
      return Deployment.webhookSecretFile(settings);
    }

    @Override
    public void close() {
      stack.close();
    }
  }

  /**
   * What was started, to be stopped the other way round: when it is closed, or when the process is
   * asked to end.
   */
  private static final class Stack {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean closed;

    Stack() {
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop"));
    }

    /** Takes over what was started; when the process is ending already, it is stopped at once. */
    synchronized <T extends AutoCloseable> T push(T started) {
      if (closed) {
        stop(started);
        throw new ServiceException("The process is ending.");
      }
      open.push(started);
      return started;
    }

    synchronized void close() {
      closed = true;
      while (!open.isEmpty()) {
        stop(open.pop());
      }
    }

    private static void stop(AutoCloseable started) {
      try {
        started.close();
      } catch (Exception e) {
        LOG.warn("{} did not stop cleanly", started.getClass().getSimpleName(), e);
      }
    }
  }
}
