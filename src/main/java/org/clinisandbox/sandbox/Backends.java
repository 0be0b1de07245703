package org.clinisandbox.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.clinisandbox.registry.Isolation;

/**
 * The backends of this host. One is used only once a real start has proved that it works.
 *
 * <p>A mock image runs on the mock whatever minimum its manifest states: no model runs, so there is
 * nothing to isolate, and its result names the level {@code none}. Nothing else ever runs there.
 */
public final class Backends implements AutoCloseable {
  /** After so long one that did not work is tried again: somebody may have mended the host. */
  private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

  private final List<Backend> preferred;
  private final Clock clock;
  private final Map<Backend, Tried> tried = new ConcurrentHashMap<>();

  private record Tried(Probe probe, Instant when) {}

  /**
   * @param preferred in the order in which they are chosen
   */
  public Backends(List<Backend> preferred, Clock clock) {
    this.preferred = List.copyOf(preferred);
    this.clock = clock;
  }

  /** The strongest are preferred. */
  public static Backends strongestFirst(List<Backend> backends, Clock clock) {
    return new Backends(
        backends.stream().sorted(Comparator.comparing(Backend::isolation).reversed()).toList(),
        clock);
  }

  /**
   * The first backend in order of preference that runs this image, reaches this minimum and works.
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
    return preferred.stream()
        .filter(backend -> backend.runs(image))
        .filter(backend -> backend.isolation().compareTo(least) >= 0)
        .filter(backend -> tried(backend).available())
        .findFirst()
        .orElseThrow(
            () ->
                new SandboxException(
                    SandboxException.Kind.ISOLATION_UNAVAILABLE, refusal(image, least)));
  }

  /**
   * One backend alone, whether it works or not.
   *
   * @throws SandboxException when there is none of this name that runs this image
   */
  public Backend named(String name, ModelImage image) throws SandboxException {
    return preferred.stream()
        .filter(backend -> backend.name().equals(name) && backend.runs(image))
        .findFirst()
        .orElseThrow(
            () ->
                new SandboxException(
                    SandboxException.Kind.ISOLATION_UNAVAILABLE,
                    "No backend here is named "
                        + name
                        + " and runs this image; those that run it are "
                        + preferred.stream()
                            .filter(backend -> backend.runs(image))
                            .map(Backend::name)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  /** Tries every backend out, in order of preference. */
  public List<Probe> probe() {
    return preferred.stream().map(Backend::probe).toList();
  }

  /** What came of trying it out the last time. Others who ask meanwhile wait. */
  private Probe tried(Backend backend) {
    return tried
        .compute(
            backend,
            (same, last) ->
                last == null || (!last.probe().available() && isOld(last.when()))
                    ? new Tried(backend.probe(), clock.instant())
                    : last)
        .probe();
  }

  private boolean isOld(Instant when) {
    return when.plus(TRY_AGAIN).isBefore(clock.instant());
  }

  private String refusal(ModelImage image, Isolation least) {
    String available =
        preferred.stream()
            .filter(backend -> backend.runs(image) && tried(backend).available())
            .map(backend -> backend.name() + " (" + backend.isolation().label() + ")")
            .collect(Collectors.joining(", "));
    return "The model asks for isolation "
        + least.label()
        + " or stronger; this host can run its image with "
        + (available.isEmpty() ? "nothing" : available)
        + ". Run the doctor command to see what is missing.";
  }

  /** Closes all of them. */
  @Override
  public void close() {
    preferred.forEach(Backend::close);
  }
}
