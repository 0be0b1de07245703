package org.clinisandbox.sandbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.ModelImage;

/** The model that backends are tried out with: the guest program, which can be one too. */
public final class ProbeModel {
  /** Room enough for it, and time enough for a slow machine. */
  public static final Limits LIMITS = new Limits(32 << 20, 1, Duration.ofSeconds(10), 1 << 10);

  /** It has no image of its own to be pinned. */
  static final String DIGEST = "sha256:" + "0".repeat(64);

  private ProbeModel() {}

  /** Its image, in a folder of this host's place. */
  public static ModelImage.Container image(Host host) throws IOException {
    Path root = host.folder().resolve("probe");
    synchronized (ProbeModel.class) {
      if (!Files.exists(root)) {
        make(host, root);
      }
    }
    return new ModelImage.Container(
        DIGEST,
        root,
        List.of("/probe", "probe"),
        List.of(),
        "/",
        Protocol.JSON_LINES,
        "probe",
        "{}");
  }

  private static void make(Host host, Path root) throws IOException {
    Path made = Files.createDirectory(root.resolveSibling("probe-in-the-making"));
    for (String folder : ImageRoot.OWN_FOLDERS) {
      Files.createDirectory(made.resolve(folder));
    }
    Path program = Files.copy(host.guest(), made.resolve("probe"));
    Host.permit(program, "r-xr-xr-x");
    Host.permit(made, "rwxr-xr-x");
    Files.move(made, root);
  }
}
