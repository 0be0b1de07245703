package org.clinisandbox.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Manifest;

/** Runs a manifest's cases, each in a fresh sandbox, as a vendor does at home. */
public final class CaseRunner {
  /** Fixed, so that a case gives the same reply every time. */
  private static final String SEED = "0".repeat(64);

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private CaseRunner() {}

  /**
   * Runs every case, in the manifest's order.
   *
   * @throws SandboxException when the image cannot be started at all
   */
  public static List<CaseResult> run(Backend backend, Manifest manifest, ModelImage image)
      throws SandboxException {
    List<CaseResult> results = new ArrayList<>();
    for (Manifest.Case test : manifest.cases()) {
      results.add(run(backend, manifest, image, test));
    }
    return results;
  }

  private static CaseResult run(
      Backend backend, Manifest manifest, ModelImage image, Manifest.Case test)
      throws SandboxException {
    byte[] request;
    try {
      request = request(manifest, test);
    } catch (IllegalArgumentException e) {
      return new CaseResult.Failed(test.name(), List.of(String.valueOf(e.getMessage())));
    }
    try (Sandbox sandbox = backend.start(image, manifest.limits())) {
      List<String> differences =
          switch (sandbox.ask(request)) {
            case Answer.Failed failed ->
                List.of("The model gave no reply: " + failed.failure() + ".");
            case Answer.Replied replied ->
                switch (Exchange.read(manifest.protocol(), replied.line(), manifest.output())) {
                  case Reply.Bad bad -> List.of(bad.reason());
                  case Reply.Good good -> new ReplyComparison(test).differences(good.reply());
                };
          };
      return differences.isEmpty()
          ? new CaseResult.Passed(test.name())
          : new CaseResult.Failed(test.name(), differences);
    }
  }

  /**
   * What a model can be asked when nobody asks it: the request of its first case, or one without
   * inputs when no case makes one.
   */
  public static String rehearsal(Manifest manifest) {
    byte[] request;
    try {
      request =
          manifest.cases().isEmpty()
              ? request(manifest, Map.of(), Map.of())
              : request(manifest, manifest.cases().getFirst());
    } catch (IllegalArgumentException e) {
      request = request(manifest, Map.of(), Map.of());
    }
    return new String(request, StandardCharsets.UTF_8);
  }

  private static byte[] request(Manifest manifest, Manifest.Case test) {
    return request(manifest, test.settings(), CaseInputs.of(manifest, test));
  }

  /** With the fallback of every setting for which nothing is chosen. */
  private static byte[] request(
      Manifest manifest, Map<String, String> chosen, Map<String, ModelInput> inputs) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (Manifest.ModelSetting setting : manifest.settings()) {
      settings.put(setting.name(), chosen.getOrDefault(setting.name(), setting.fallback()));
    }
    return Exchange.request(
        manifest.protocol(),
        new ModelRequest(manifest.key(), manifest.version(), SEED, NOW, settings, inputs));
  }
}
