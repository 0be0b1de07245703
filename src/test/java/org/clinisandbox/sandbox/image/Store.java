package org.clinisandbox.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.SandboxException;

/** A store with a home folder, below a test's own folder. */
final class Store {
  static final long MOST_IMAGE_BYTES = 4 << 20;

  final Path home;
  final Path cache;

  Store(Path folder) throws IOException {
    this.home = Files.createDirectories(folder.resolve("home"));
    this.cache = folder.resolve("cache");
  }

  /** A store as a process just started has it. */
  ImageStore fresh() throws IOException {
    return fresh(64 << 20, Set.of());
  }

  ImageStore fresh(long mostBytes, Set<String> registries) throws IOException {
    return new ImageStore(
        new ImageStore.Settings(cache, home, mostBytes, MOST_IMAGE_BYTES, registries),
        Duration.ofSeconds(20));
  }

  /** What the store says to an image of these layers, which it must not unpack. */
  SandboxException refusal(byte[]... layers) throws IOException {
    return refusal(Layout.of(layers));
  }

  SandboxException refusal(Layout layout) throws IOException {
    layout.write(home.resolve("hostile"));
    return refusal("oci:hostile");
  }

  SandboxException refusal(String reference) throws IOException {
    ImageStore store = fresh();
    SandboxException refusal =
        catchThrowableOfType(SandboxException.class, () -> store.open(reference));
    assertThat(refusal).isNotNull();
    assertThat(kept()).isEmpty();
    return refusal;
  }

  /** The unpacked root of an image of these layers. */
  Path unpacked(byte[]... layers) throws Exception {
    Layout layout = Layout.of(layers).write(home.resolve("image"));
    return fresh().open("oci:image@" + layout.digest()).root();
  }

  /** What lies in the cache, but for its locks. */
  List<String> kept() throws IOException {
    try (Stream<Path> all = Files.list(cache)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> !name.equals("locks"))
          .sorted()
          .toList();
    }
  }
}
