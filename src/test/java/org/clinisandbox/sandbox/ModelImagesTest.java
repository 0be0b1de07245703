package org.clinisandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelImagesTest {
  private static final byte[] MODULE = "some bytes".getBytes(StandardCharsets.UTF_8);
  private static final String DIGEST = Digest.of(MODULE);

  @TempDir private Path folder;
  private Path home;
  private ModelImages images;

  @BeforeEach
  void write() throws IOException {
    home = Files.createDirectories(folder.resolve("home"));
    Files.createDirectories(home.resolve("models"));
    Files.write(home.resolve("models/a.wasm"), MODULE);
    Files.write(folder.resolve("outside.wasm"), MODULE);
    images = TestModels.images(home);
  }

  @Test
  void a_module_is_found_below_the_home_folder_and_gets_its_digest() throws Exception {
    ModelImage.Wasm image = (ModelImage.Wasm) resolve("wasm:models/a.wasm");
    assertThat(image.file()).isEqualTo(home.toRealPath().resolve("models/a.wasm"));
    assertThat(image.digest()).isEqualTo(DIGEST).startsWith("sha256:").hasSize(71);
    assertThat(resolve("wasm:models/a.wasm@" + DIGEST)).isEqualTo(image);
  }

  @Test
  void a_digest_that_the_bytes_do_not_have_is_refused() {
    assertRefused(
        Kind.DIGEST_MISMATCH, "wasm:models/a.wasm@sha256:" + "0".repeat(64), "have the digest");
    assertThatThrownBy(() -> resolve("wasm:models/a.wasm@sha256:12"))
        .hasMessageContaining("64 lower-case hex digits");
  }

  @Test
  void a_path_that_leaves_the_home_folder_is_refused() throws IOException {
    assertRefused(Kind.IMAGE_REFUSED, "wasm:../outside.wasm", "outside the home folder");
    assertRefused(
        Kind.IMAGE_REFUSED, "wasm:" + folder.resolve("outside.wasm"), "outside the home folder");
    Files.createSymbolicLink(home.resolve("link.wasm"), folder.resolve("outside.wasm"));
    assertRefused(Kind.IMAGE_REFUSED, "wasm:link.wasm", "outside the home folder");
  }

  @Test
  void a_home_folder_that_is_itself_a_link_is_followed() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), home);
    assertThat(
            TestModels.images(link)
                .resolve("wasm:models/a.wasm", Protocol.JSON_LINES, "a", () -> "{}"))
        .isEqualTo(resolve("wasm:models/a.wasm"));
  }

  @Test
  void what_is_not_a_file_is_refused() {
    assertRefused(Kind.IMAGE_REFUSED, "wasm:models/b.wasm", "is not there");
    assertRefused(Kind.IMAGE_REFUSED, "wasm:models/b\0.wasm", "is not there");
    assertRefused(Kind.IMAGE_REFUSED, "wasm:models", "is not a file");
    assertRefused(Kind.IMAGE_REFUSED, "python:a.py", "no known kind");
    assertRefused(Kind.IMAGE_REFUSED, "wasm:", "no known kind");
  }

  @Test
  void a_mock_needs_no_file() throws Exception {
    assertThat(resolve("mock/sepsis")).isEqualTo(new ModelImage.Mock("mock/sepsis"));
  }

  @Test
  void a_container_image_has_what_its_image_says_and_how_its_model_is_spoken_with()
      throws Exception {
    Path built = Files.createDirectories(home.resolve("models/b"));
    Files.writeString(
        built.resolve("image.yaml"), "{ arguments: [/b, x], files: { /b: program } }");
    Files.write(built.resolve("program"), MODULE);
    ModelImage.Container image =
        (ModelImage.Container) images.resolve("oci:models/b", Protocol.SAGEMAKER, "b", () -> "{}");
    assertThat(image.arguments()).containsExactly("/b", "x");
    assertThat(image.protocol()).isEqualTo(Protocol.SAGEMAKER);
    assertThat(image.root().resolve("b")).hasBinaryContent(MODULE);
    assertThat(
            images.resolve("oci:models/b@" + image.digest(), Protocol.SAGEMAKER, "b", () -> "{}"))
        .isEqualTo(image);
  }

  private ModelImage resolve(String image) throws SandboxException {
    return images.resolve(image, Protocol.JSON_LINES, "a", () -> "{}");
  }

  private void assertRefused(Kind kind, String image, String message) {
    assertThatThrownBy(() -> resolve(image))
        .isInstanceOfSatisfying(SandboxException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(message);
  }
}
