package org.clinisandbox.sandbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.clinisandbox.sandbox.ModelImage;

/**
 * An image's files as a sandbox of bubblewrap's gets them: each thing at the top, read-only, in a
 * root that bubblewrap builds from nothing.
 *
 * @param image the folder with them
 * @param visible where the sandbox's user, who could not reach that, finds it
 */
public record ImageRoot(Path image, Path visible) {
  /** What a sandbox makes itself, whatever the image has there. */
  public static final List<String> OWN_FOLDERS =
      List.of("proc", "sys", "dev", "tmp", ".clinisandbox");

  /** The image as sandboxes of this host see it, each in a mount namespace of its own. */
  public static ImageRoot of(Host host, ModelImage.Container image) throws IOException {
    Path folder = image.root();
    return new ImageRoot(
        folder, host.isRoot() ? Files.createDirectories(host.folder().resolve("root")) : folder);
  }

  /** What a {@link Confinement} has to bind. */
  public Map<Path, Path> binds() {
    return visible.equals(image) ? Map.of() : Map.of(image, visible);
  }

  /**
   * The options by which bubblewrap puts it together.
   *
   * @param target the root's place in the sandbox, which ends with a slash
   */
  public List<String> options(String target) throws IOException {
    List<String> options = new ArrayList<>();
    try (Stream<Path> top = Files.list(image)) {
      for (Path thing : top.sorted().toList()) {
        String name = thing.getFileName().toString();
        if (OWN_FOLDERS.contains(name)) {
          continue;
        }
        if (Files.isSymbolicLink(thing)) {
          String link = Files.readSymbolicLink(thing).toString();
          options.addAll(List.of("--symlink", link, target + name));
        } else {
          options.addAll(List.of("--ro-bind", visible.resolve(name).toString(), target + name));
        }
      }
    }
    return options;
  }
}
