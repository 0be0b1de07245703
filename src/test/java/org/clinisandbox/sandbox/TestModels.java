package org.clinisandbox.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.clinisandbox.sandbox.image.ImageStore;

/** The compiled models of this repository, and what to ask them. */
public final class TestModels {
  /** Small, so that a model meets them soon. */
  public static final Limits LIMITS = new Limits(16L << 20, 1, Duration.ofSeconds(5), 1 << 16);

  private TestModels() {}

  /** A model that misbehaves, from tests/models. */
  public static ModelImage hostile(String name) {
    return image(Path.of("tests", "models", name, name + ".wasm"));
  }

  /** The NEWS2 sample. */
  public static ModelImage news2() {
    return image(Path.of("models", "news2", "news2.wasm"));
  }

  /** The module in this file, pinned to the bytes it has now. */
  public static ModelImage image(Path file) {
    try {
      return new ModelImage.Wasm(file, Digest.of(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The images below a folder, unpacked where the next test finds them too. */
  public static ModelImages images(Path home) {
    try {
      return new ModelImages(
          new ImageStore(
              new ImageStore.Settings(
                  Path.of("target/test-images").toAbsolutePath(),
                  home.toAbsolutePath(),
                  8L << 30,
                  4L << 30,
                  Set.of())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The manifest of a sample. */
  public static Manifest manifest(String sample) {
    try {
      byte[] yaml = Files.readAllBytes(Path.of("models", sample, "manifest.yaml"));
      return ((ManifestReading.Read) ManifestReader.read(ManifestReader.fromYaml(yaml))).manifest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A sample's image as {@code models/images} makes it. */
  public static ModelImage built(ModelImages images, String sample) throws SandboxException {
    Manifest manifest = manifest(sample);
    return images.resolve(
        "oci:target/models/" + sample,
        manifest.protocol(),
        manifest.key(),
        () -> CaseRunner.rehearsal(manifest));
  }

  /** A request with these inputs, given as JSON. */
  public static byte[] request(String inputs) {
    return ("{\"protocol\":\"clinisandbox/1\",\"model\":{\"key\":\"t\",\"version\":\"1\"},"
            + "\"seed\":\"0\",\"now\":\"2026-01-01T00:00:00Z\",\"settings\":{},\"inputs\":"
            + inputs
            + "}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
