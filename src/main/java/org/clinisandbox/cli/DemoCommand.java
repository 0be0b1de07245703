package org.clinisandbox.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.Callable;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** The whole story on free ports and in a folder of its own, which is removed afterwards. */
@Command(
    name = "demo",
    description = "Shows everything once: a refusal, its answers, a job, its result, its webhook.")
final class DemoCommand implements Callable<Integer> {
  private final Roles roles;

  DemoCommand(Roles roles) {
    this.roles = roles;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("clinisandbox-demo");
    Settings settings =
        Settings.load(
            // A deployment's settings in the environment must not lead the demo there.
            Map.of(),
            Map.of(
                Setting.CLINISANDBOX_HOME,
                    System.getenv().getOrDefault(Setting.CLINISANDBOX_HOME.name(), "."),
                Setting.CLINISANDBOX_PORT, "0",
                Setting.CLINISANDBOX_DATA, folder.toString()));
    try (DemoReceiver receiver = DemoReceiver.start();
        Roles.Server server = roles.up(settings, Cli.progress())) {
      String secret = Files.readString(server.webhookSecret()).strip();
      new DemoStory(URI.create(server.url()), receiver, secret).tell();
    } finally {
      delete(folder);
    }
    return 0;
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException exception)
              throws IOException {
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
