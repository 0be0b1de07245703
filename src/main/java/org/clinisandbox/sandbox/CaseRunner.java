package org.clinisandbox.sandbox;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.DefaultValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs a manifest's cases, each in a fresh sandbox, as a vendor does at home. */
public final class CaseRunner {
  /** Fixed, so that a case gives the same reply every time. */
  private static final String SEED = "0".repeat(64);

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Backends backends;

  public CaseRunner(Backends backends) {
    this.backends = backends;
  }

  /**
   * Runs every case, in the manifest's order.
   *
   * @throws SandboxException when the image cannot be started at all
   */
  public List<CaseResult> run(Manifest manifest, ModelImage image) throws SandboxException {
    Backend backend = backends.choose(image, manifest.minimum());
    List<CaseResult> results = new java.util.ArrayList<>();
    for (Manifest.Case test : manifest.cases()) {
      results.add(run(backend, manifest, image, test));
    }
    return results;
  }

  private static CaseResult run(
      Backend backend, Manifest manifest, ModelImage image, Manifest.Case test)
      throws SandboxException {
    Map<String, ModelInput> inputs;
    try {
      inputs = inputs(manifest, test);
    } catch (IllegalArgumentException e) {
      return new CaseResult.Failed(test.name(), List.of(String.valueOf(e.getMessage())));
    }
    byte[] request =
        JsonLines.request(
            new ModelRequest(manifest.key(), manifest.version(), SEED, NOW, Map.of(), inputs));
    try (Sandbox sandbox = backend.start(image, manifest.limits())) {
      List<String> differences =
          switch (sandbox.ask(request)) {
            case Answer.Failed failed ->
                List.of("The model gave no reply: " + failed.failure() + ".");
            case Answer.Replied replied ->
                switch (JsonLines.read(replied.line(), manifest.output())) {
                  case Reply.Bad bad -> List.of(bad.reason());
                  case Reply.Good good -> new ReplyComparison(test).differences(good.reply());
                };
          };
      return differences.isEmpty()
          ? new CaseResult.Passed(test.name())
          : new CaseResult.Failed(test.name(), differences);
    }
  }

  /** The case's inputs with units, and the defaults of optional ones that it does not name. */
  private static Map<String, ModelInput> inputs(Manifest manifest, Manifest.Case test) {
    Map<String, Requirement> requirements = new LinkedHashMap<>();
    manifest
        .requirements()
        .forEach(requirement -> requirements.put(requirement.name(), requirement));
    for (String name : test.inputs().propertyNames()) {
      if (!requirements.containsKey(name)) {
        throw new IllegalArgumentException(
            "The input " + name + " is not one that the manifest requires.");
      }
    }
    Map<String, ModelInput> inputs = new LinkedHashMap<>();
    requirements.forEach(
        (name, requirement) -> {
          JsonNode given = test.inputs().get(name);
          ModelInput input =
              given == null ? assumed(requirement) : input(name, given, unit(requirement));
          if (input != null) {
            inputs.put(name, input);
          }
        });
    return inputs;
  }

  private static ModelInput input(String name, JsonNode given, @Nullable String unit) {
    if (given.isObject()) {
      JsonNode own = given.get("unit");
      return input(
          name, given.path("value"), own != null && own.isString() ? own.stringValue() : unit);
    }
    if (given.isNumber()) {
      return new ModelInput.Quantity(given.decimalValue(), unit, null);
    }
    if (given.isString()) {
      return new ModelInput.Word(given.stringValue(), null);
    }
    throw new IllegalArgumentException(
        "The input " + name + " is not a number, a word or {\"value\",\"unit\"}.");
  }

  private static @Nullable ModelInput assumed(Requirement requirement) {
    return switch (requirement) {
      case Requirement.OfPatient patient -> null;
      case Requirement.OfObservation observation ->
          switch (observation.defaultValue()) {
            case null -> null;
            case DefaultValue.Numeric(var number) ->
                new ModelInput.Quantity(number, observation.unit(), null);
            case DefaultValue.Word(var word) -> new ModelInput.Word(word, null);
          };
    };
  }

  private static @Nullable String unit(Requirement requirement) {
    return switch (requirement) {
      case Requirement.OfPatient(Requirement.OfPatient.Item item) ->
          switch (item) {
            case AGE -> "a";
            case SEX -> null;
          };
      case Requirement.OfObservation observation -> observation.unit();
    };
  }
}
