package org.clinisandbox.sandbox.image;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.clinisandbox.sandbox.SandboxException;

/**
 * Unpacked images of this host, by digest. Each is read whole when a process first uses it; from
 * then on, at each use, image and source are asked whether anything was changed since, and read
 * again if so.
 */
public final class ImageStore {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Settings settings;
  private final Shelf shelf;
  private final Cleaning cleaning;
  private final Duration patience;
  private final Map<String, Verified> sources = new ConcurrentHashMap<>();

  /**
   * What a store works with.
   *
   * @param folder where images are unpacked; made if need be, written by its owner alone
   * @param home the folder below which images lie that are named by a path
   * @param maxBytes that unpacked images may take before {@link #collect} removes unused ones
   * @param maxImageBytes that one image may have, uncompressed
   * @param registries the hosts, with their port where it is not 443, that may be asked for images
   */
  public record Settings(
      Path folder, Path home, long maxBytes, long maxImageBytes, Set<String> registries) {
    /** Copies the set. */
    public Settings {
      registries = Set.copyOf(registries);
    }
  }

  /** The folder below which images lie that are named by a path. */
  public Path home() {
    return settings.home();
  }

  /** A store over the same folder, with paths that start from another home. */
  public ImageStore from(Path home) throws IOException {
    return new ImageStore(
        new Settings(
            settings.folder(),
            home,
            settings.maxBytes(),
            settings.maxImageBytes(),
            settings.registries()));
  }

  /** A source that this process has read whole. */
  private record Verified(Path path, Seal seal, String digest) {}

  /**
   * Opens the store, and clears away what a process left behind that died at its work.
   *
   * @throws IOException when the folder cannot be made or read
   */
  public ImageStore(Settings settings) throws IOException {
    this(settings, PATIENCE);
  }

  ImageStore(Settings settings, Duration patience) throws IOException {
    this.settings = settings;
    this.patience = patience;
    this.shelf = new Shelf(settings.folder());
    this.cleaning = new Cleaning(shelf);
    cleaning.leftovers();
  }

  /**
   * The image that a manifest names, fetched and unpacked if need be, and verified at every call.
   * Without a digest, the one found is in the answer.
   *
   * @param reference {@code oci:PATH_OR_REF[@sha256:HEX]}
   * @throws SandboxException when it is not there or not allowed, or not what its digest says
   */
  public Image open(String reference) throws SandboxException {
    try {
      return switch (Reference.parse(reference, settings.home())) {
        case Reference.AtPath path -> open(reference, path);
        case Reference.InRegistry registry -> open(registry);
      };
    } catch (IOException e) {
      throw ImageException.named(reference, e);
    }
  }

  private Image open(String reference, Reference.AtPath named) throws IOException {
    Reference.AtPath.Located located = named.locate(settings.home());
    Path path = located.path();
    Verified before = sources.get(reference);
    if (before != null && before.path().equals(path) && before.seal().holds()) {
      Image image = shelf.find(before.digest());
      if (image != null) {
        return image;
      }
    }
    Seal seal = Seal.of(path);
    try (Source source = Source.open(path, located.tag(), named.digest(), shelf.folder())) {
      Image image = verified(source.contents());
      sources.put(reference, new Verified(path, seal, image.digest()));
      return image;
    }
  }

  private Image verified(Contents contents) throws IOException {
    contents.within(settings.maxImageBytes());
    Image image = shelf.find(contents.digest());
    if (image == null) {
      return shelf.put(contents, settings.maxImageBytes());
    }
    contents.verify(settings.maxImageBytes());
    return image;
  }

  private Image open(Reference.InRegistry named) throws IOException {
    String digest = named.digest();
    Image image = digest == null ? null : shelf.find(digest);
    if (image != null) {
      return image;
    }
    try (Source source = Registry.open(named, settings.registries(), patience)) {
      Contents contents = source.contents().within(settings.maxImageBytes());
      Image known = shelf.find(contents.digest());
      return known == null ? shelf.put(contents, settings.maxImageBytes()) : known;
    }
  }

  /**
   * An image as an ext4 file system in a file, readable by everybody, made once and verified at
   * every call. It has no journal: mount it read-only.
   *
   * @throws SandboxException when it was changed, or the image is no longer unpacked
   */
  public Path disk(String digest) throws SandboxException {
    try {
      return shelf.disk(digest);
    } catch (IOException e) {
      throw ImageException.named(digest, e);
    }
  }

  /**
   * Removes images beyond what the settings allow, the least recently used first, and what was left
   * of work that broke off.
   *
   * @param inUse digests of images to keep whatever they take
   * @throws IOException when something cannot be removed
   */
  public void collect(Set<String> inUse) throws IOException {
    cleaning.leftovers();
    cleaning.downTo(settings.maxBytes(), inUse);
  }
}
