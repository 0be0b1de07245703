package org.clinisandbox.sandbox;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.clinisandbox.registry.Isolation;

/**
 * The backends of this host.
 *
 * <p>A mock image runs on the mock whatever minimum its manifest states: no model runs, so there is
 * nothing to isolate, and its result names the level {@code none}. Nothing else ever runs there.
 */
public final class Backends {
  private final List<Backend> strongestFirst;

  public Backends(List<Backend> backends) {
    this.strongestFirst =
        backends.stream().sorted(Comparator.comparing(Backend::isolation).reversed()).toList();
  }

  /**
   * The strongest backend that runs this image and reaches this minimum.
   *
   * @throws SandboxException {@link SandboxException.Kind#ISOLATION_UNAVAILABLE} when there is none
   */
  public Backend choose(ModelImage image, Isolation minimum) throws SandboxException {
    Isolation least =
        switch (image) {
          case ModelImage.Mock mock -> Isolation.NONE;
          case ModelImage.Wasm wasm -> minimum;
          case ModelImage.Container container -> minimum;
        };
    return strongestFirst.stream()
        .filter(backend -> backend.runs(image))
        .filter(backend -> backend.isolation().compareTo(least) >= 0)
        .findFirst()
        .orElseThrow(
            () ->
                new SandboxException(
                    SandboxException.Kind.ISOLATION_UNAVAILABLE, refusal(image, least)));
  }

  /** Tries every backend out, strongest first. */
  public List<Probe> probe() {
    return strongestFirst.stream().map(Backend::probe).toList();
  }

  private String refusal(ModelImage image, Isolation least) {
    String available =
        strongestFirst.stream()
            .filter(backend -> backend.runs(image))
            .map(backend -> backend.name() + " (" + backend.isolation().label() + ")")
            .collect(Collectors.joining(", "));
    return "The model asks for isolation "
        + least.label()
        + " or stronger; this host can run its image with "
        + (available.isEmpty() ? "nothing" : available)
        + ". Run the doctor command to see what is missing.";
  }
}
