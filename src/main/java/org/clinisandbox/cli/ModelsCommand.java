package org.clinisandbox.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.clinisandbox.registry.Mistake;
import org.clinisandbox.sandbox.Backend;
import org.clinisandbox.sandbox.CaseResult;
import org.clinisandbox.sandbox.CaseRunner;
import org.clinisandbox.sandbox.ModelHost;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.ModelImages;
import org.clinisandbox.sandbox.SandboxException;
import org.clinisandbox.sandbox.image.ImageBuilder;
import org.clinisandbox.settings.Setting;
import org.clinisandbox.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a vendor does at home. */
@Command(name = "models", description = "Works on models.")
final class ModelsCommand {
  private final Roles roles;

  ModelsCommand(Roles roles) {
    this.roles = roles;
  }

  @Command(name = "test", description = "Runs a model's cases in the sandbox, without a server.")
  int test(
      @Parameters(paramLabel = "DIR", description = "A folder with manifest.yaml.") Path dir,
      @Option(
              names = "--backend",
              paramLabel = "NAME",
              description = "The backend to use; the strongest that works, unless given.")
          @Nullable String name)
      throws IOException {
    Manifest manifest = manifest(dir.resolve("manifest.yaml"));
    List<CaseResult> results;
    Settings settings = Settings.load(System.getenv(), Map.of());
    try (ModelHost host = roles.modelHost(settings, settings.path(Setting.CLINISANDBOX_HOME))) {
      ModelImage image = image(host.images(), dir, manifest);
      Backend backend =
          name == null
              ? host.backends().choose(image, manifest.minimum())
              : host.backends().named(name, image);
      System.out.println("backend " + backend.name() + ", " + backend.isolation().label());
      results = CaseRunner.run(backend, manifest, image);
    } catch (SandboxException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()));
    }
    long failed = 0;
    for (CaseResult result : results) {
      switch (result) {
        case CaseResult.Passed passed -> System.out.println("passed  " + passed.name());
        case CaseResult.Failed failure -> {
          failed++;
          System.out.println("FAILED  " + failure.name());
          failure.differences().forEach(difference -> System.out.println("        " + difference));
        }
      }
    }
    System.out.println(
        manifest.key()
            + " "
            + manifest.version()
            + ": "
            + (results.size() - failed)
            + " passed, "
            + failed
            + " failed");
    return failed == 0 && !results.isEmpty() ? 0 : 1;
  }

  @Command(name = "build", description = "Builds a model's image; the same files, the same bytes.")
  int build(
      @Parameters(
              paramLabel = "DIR",
              description = "A folder with image.yaml, and root/ or the files listed there.")
          Path dir,
      @Option(
              names = "--output",
              paramLabel = "FILE",
              description =
                  "What to write: an archive when it ends with .tar, else a folder."
                      + " DIR/image.tar unless given.")
          @Nullable Path output)
      throws IOException {
    Path image = output == null ? dir.resolve("image.tar") : output;
    String digest;
    try {
      digest = ImageBuilder.build(dir, image);
    } catch (SandboxException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()));
    }
    Path home =
        Settings.load(System.getenv(), Map.of()).path(Setting.CLINISANDBOX_HOME).toRealPath();
    Path path = image.toRealPath();
    System.out.println("digest: " + digest);
    if (path.startsWith(home)) {
      System.out.println("image: oci:" + home.relativize(path) + "@" + digest);
    } else {
      System.err.println("clinisandbox: move it below CLINISANDBOX_HOME to use it.");
    }
    return 0;
  }

  private static Manifest manifest(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CommandFailed("There is no file " + file + ".");
    }
    return switch (ManifestReader.read(ManifestReader.fromYaml(Files.readAllBytes(file)))) {
      case ManifestReading.Read read -> read.manifest();
      case ManifestReading.Refused refused -> {
        StringBuilder text = new StringBuilder("The manifest has mistakes:");
        for (Mistake mistake : refused.mistakes()) {
          text.append("\n  ").append(mistake.path()).append(": ").append(mistake.message());
        }
        throw new CommandFailed(text.toString());
      }
    };
  }

  /** An image path starts at the folder itself or at one above it, as in the vendor's own tree. */
  private static ModelImage image(ModelImages images, Path dir, Manifest manifest)
      throws SandboxException, IOException {
    SandboxException first = null;
    for (@Nullable Path home = dir.toRealPath(); home != null; home = home.getParent()) {
      try {
        return images.from(home).resolve(manifest);
      } catch (SandboxException e) {
        if (e.kind() != SandboxException.Kind.IMAGE_REFUSED) {
          throw e;
        }
        first = first == null ? e : first;
      }
    }
    if (first == null) {
      throw new CommandFailed("The folder " + dir + " has no path.");
    }
    throw first;
  }
}
