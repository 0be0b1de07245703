package org.clinisandbox.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Limits;
import org.jspecify.annotations.Nullable;

/**
 * What came of trying a backend out.
 *
 * @param available whether a sandbox of it started, answered and ended
 * @param ready from the start to the ready line; null when it never got there
 * @param detail what was found, in a sentence or two
 * @param remedy what would make it available; null when it is
 */
public record Probe(
    String name,
    Isolation isolation,
    boolean available,
    @Nullable Duration ready,
    String detail,
    @Nullable String remedy) {
  private static final byte[] REQUEST = "{}".getBytes(StandardCharsets.UTF_8);

  public static Probe unavailable(Backend backend, String detail, String remedy) {
    return new Probe(backend.name(), backend.isolation(), false, null, detail, remedy);
  }

  /**
   * Starts a model, asks it, and says what came of it.
   *
   * @param image of a model that answers whatever it is asked
   * @param found what to say when it did
   * @param remedy what to say when it did not
   */
  public static Probe of(
      Backend backend, ModelImage image, Limits limits, String found, String remedy) {
    try (Sandbox sandbox = backend.start(image, limits)) {
      return switch (sandbox.ask(REQUEST)) {
        case Answer.Replied replied ->
            new Probe(backend.name(), backend.isolation(), true, sandbox.readyTime(), found, null);
        case Answer.Failed failed ->
            unavailable(
                backend, "The probe's model did not answer: " + failed.failure() + ".", remedy);
      };
    } catch (SandboxException e) {
      return unavailable(backend, String.valueOf(e.getMessage()), remedy);
    }
  }
}
