package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.contract.Requires;

/**
 * What the tests of a form renderer need installed: LHC-Forms, by the National Library of Medicine
 * (npm package {@code lforms}), Chromium and its driver. Without them the tests are skipped, saying
 * how to get them; in CI, which has to install them, they fail.
 */
final class LhcFormsPackage {
  private static final String VERSION = "40.1.3";

  /** SHA-512, as {@code npm view lforms@VERSION dist.integrity} gives it. */
  private static final String DIGEST =
      "WLruTm+BcVnafC0rSAQ3/cNqhxvclBUxyBG68aub/uha2NaK9H8ZZcEXTTuORuGzzCt0wa7fvhuieZtcDIdPzQ==";

  private LhcFormsPackage() {}

  /**
   * Unpacks LHC-Forms, with a page {@code form.html} that loads it.
   *
   * @return the folder to serve
   */
  static Path unpackInto(Path folder) {
    Path tarball =
        Path.of(System.getProperty("lforms.tarball", "target/lforms/lforms-" + VERSION + ".tgz"));
    Requires.that(
        Files.exists(tarball),
        "no %s: mkdir -p target/lforms && npm pack lforms@%s --pack-destination target/lforms"
            .formatted(tarball, VERSION));
    try (InputStream page = LhcFormsPackage.class.getResourceAsStream("/lhc-forms.html")) {
      byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(tarball));
      assertThat(Base64.getEncoder().encodeToString(digest)).as("SHA-512").isEqualTo(DIGEST);
      Process tar =
          new ProcessBuilder("tar", "-xzf", tarball.toString(), "-C", folder.toString())
              .inheritIO()
              .start();
      assertThat(tar.waitFor()).as("tar").isZero();
      Path site = folder.resolve("package/dist").toAbsolutePath();
      Files.copy(
          Objects.requireNonNull(page),
          site.resolve("form.html"),
          StandardCopyOption.REPLACE_EXISTING);
      return site;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** A program of Debian's packages of the browser, on the PATH. */
  static Path program(String name) {
    Path found =
        Stream.of(System.getenv("PATH").split(Pattern.quote(java.io.File.pathSeparator)))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of(""));
    Requires.that(
        Files.isRegularFile(found),
        "no %s on the PATH: apt-get install chromium chromium-driver".formatted(name));
    return found;
  }
}
