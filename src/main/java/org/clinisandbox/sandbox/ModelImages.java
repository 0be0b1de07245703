package org.clinisandbox.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.image.Image;
import org.clinisandbox.sandbox.image.ImageStore;

/**
 * Finds what a manifest's image names: {@code wasm:PATH[@sha256:HEX]} and {@code
 * oci:PATH[@sha256:HEX]} below the home folder, {@code oci:} and a registry's reference, or {@code
 * mock/…}.
 */
public final class ModelImages implements Disks {
  private static final Pattern WASM = Pattern.compile("wasm:(.+?)(?:@(.*))?");

  private final ImageStore store;
  private final Path home;
  private final Map<String, Boolean> inUse = new ConcurrentHashMap<>();

  /**
   * Looks below the store's home folder only.
   *
   * @param store of container images
   */
  public ModelImages(ImageStore store) {
    this.store = store;
    this.home = store.home();
  }

  /** The same with paths that start from another folder. */
  public ModelImages from(Path other) throws IOException {
    return new ModelImages(store.from(other));
  }

  /**
   * Makes room where container images are kept: those that were not resolved since the last call
   * may go.
   */
  public void collect() throws IOException {
    Set<String> used = Set.copyOf(inUse.keySet());
    inUse.keySet().removeAll(used);
    store.collect(used);
  }

  @Override
  public Path disk(ModelImage.Container image) throws SandboxException {
    return store.disk(image.digest());
  }

  /**
   * The image that a manifest names. Without a digest the digest of what is now there is taken:
   * whoever registers a model keeps that one.
   *
   * @throws SandboxException when the image is of no kind this host runs, is not there, or does not
   *     have the digest given
   */
  public ModelImage resolve(Manifest manifest) throws SandboxException {
    return resolve(
        manifest.image(),
        manifest.protocol(),
        manifest.key(),
        () -> CaseRunner.rehearsal(manifest));
  }

  /**
   * As {@link #resolve(Manifest)}, of an image that is spoken with so.
   *
   * @param model the name that it goes by where its protocol has one
   * @param rehearsal makes a request of nobody's, for an image that may need one
   */
  public ModelImage resolve(
      String image, Protocol protocol, String model, Supplier<String> rehearsal)
      throws SandboxException {
    if (image.startsWith("mock/")) {
      return new ModelImage.Mock(image);
    }
    if (image.startsWith("oci:")) {
      Image found = store.open(image);
      inUse.put(found.digest(), true);
      return new ModelImage.Container(
          found.digest(),
          found.root(),
          found.launch().arguments(),
          found.launch().environment(),
          found.launch().workingFolder(),
          protocol,
          model,
          rehearsal.get());
    }
    Matcher wasm = WASM.matcher(image);
    if (!wasm.matches()) {
      throw refused(
          image, "is of no known kind; write wasm:PATH, oci:PATH_OR_REFERENCE or mock/NAME");
    }
    String given = wasm.group(2);
    if (given != null && !Digest.isWellFormed(given)) {
      throw refused(image, "has a digest that is not sha256: and 64 lower-case hex digits");
    }
    Path file = inside(image, wasm.group(1));
    String actual = Digest.of(read(image, file));
    if (given != null && !given.equals(actual)) {
      throw new SandboxException(
          Kind.DIGEST_MISMATCH,
          "The bytes of " + image + " have the digest " + actual + "; register that or restore.");
    }
    return new ModelImage.Wasm(file, actual);
  }

  private Path inside(String image, String path) throws SandboxException {
    try {
      Path root = home.toRealPath();
      Path file = root.resolve(path).toRealPath();
      if (!file.startsWith(root)) {
        throw refused(image, "lies outside the home folder; move it below that");
      }
      if (!Files.isRegularFile(file)) {
        throw refused(image, "is not a file");
      }
      return file;
    } catch (IOException | InvalidPathException e) {
      throw refused(image, "is not there; paths are relative to the home folder");
    }
  }

  private static byte[] read(String image, Path file) throws SandboxException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw refused(image, "cannot be read; check its owner and mode");
    }
  }

  private static SandboxException refused(String image, String why) {
    return new SandboxException(Kind.IMAGE_REFUSED, "The image " + image + " " + why + ".");
  }
}
