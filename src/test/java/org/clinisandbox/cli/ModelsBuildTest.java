package org.clinisandbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.clinisandbox.sandbox.ModelHost;
import org.clinisandbox.settings.Settings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** {@code models build}, as it is typed. */
class ModelsBuildTest {
  /** Below the folder that tests run in, which is the home folder unless one is set. */
  static final class BelowHome implements TempDirFactory {
    @Override
    public Path createTempDirectory(
        org.junit.jupiter.api.extension.AnnotatedElementContext element,
        org.junit.jupiter.api.extension.ExtensionContext context)
        throws IOException {
      return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "build");
    }
  }

  @TempDir(factory = BelowHome.class, cleanup = CleanupMode.ALWAYS)
  private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("program"), "#!");
    Files.writeString(
        folder.resolve("image.yaml"), "{ arguments: [/model], files: { /model: program } }");
  }

  @Test
  void it_prints_the_digest_and_the_manifests_line() throws IOException {
    String printed = run("models", "build", folder.toString());
    String digest = printed.lines().findFirst().orElseThrow().substring("digest: ".length());
    assertThat(digest).matches("sha256:[0-9a-f]{64}");
    assertThat(printed.lines().skip(1))
        .containsExactly("image: oci:" + folder + "/image.tar@" + digest);
    assertThat(run("models", "build", folder.toString(), "--output", folder + "/layout"))
        .contains("image: oci:" + folder + "/layout@" + digest);
    assertThat(folder.resolve("layout/oci-layout")).exists();
  }

  @Test
  void a_folder_that_cannot_be_built_fails_the_command() throws IOException {
    Files.delete(folder.resolve("image.yaml"));
    assertThat(Cli.run(new NoRoles(), "models", "build", folder.toString())).isEqualTo(1);
  }

  private static String run(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertThat(Cli.run(new NoRoles(), arguments)).isZero();
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** Building needs no server and no sandbox. */
  private static final class NoRoles implements Roles {
    @Override
    public Server up(Settings settings, Consumer<String> progress) {
      throw new AssertionError("not asked for");
    }

    @Override
    public Server api(Settings settings, Consumer<String> progress) {
      throw new AssertionError("not asked for");
    }

    @Override
    public Server worker(Settings settings, Consumer<String> progress) {
      throw new AssertionError("not asked for");
    }

    @Override
    public void init(Settings settings, Consumer<String> progress) {
      throw new AssertionError("not asked for");
    }

    @Override
    public ModelHost modelHost(Settings settings, Path home) {
      throw new AssertionError("not asked for");
    }
  }
}
