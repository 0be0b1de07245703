package org.clinisandbox.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.negotiation.FhirAnswer;
import org.clinisandbox.negotiation.Negotiator;
import org.clinisandbox.registry.MalformedManifestException;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.clinisandbox.registry.Mistake;
import org.clinisandbox.registry.ModelRow;
import org.clinisandbox.registry.Registration;
import org.clinisandbox.registry.Registration.State;
import org.clinisandbox.registry.Registry;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The registry: models listed, shown, added, and moved between states. */
@RestController
@RequestMapping("/v1/models")
public class ModelController {
  private final Registry registry;
  private final Negotiators negotiators;
  private final Bodies bodies;

  public ModelController(Registry registry, Negotiators negotiators, Bodies bodies) {
    this.registry = registry;
    this.negotiators = negotiators;
    this.bodies = bodies;
  }

  @GetMapping
  ObjectNode list() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    var array = json.putArray("models");
    registry.list().forEach(model -> array.add(brief(model)));
    return json;
  }

  /** The version that a diagnosis without a version would use, and all versions there are. */
  @GetMapping("/{key}")
  ObjectNode show(@PathVariable String key) {
    Registration.Model model =
        registry.resolve(key, null).orElseThrow(() -> Problem.notFound("active model"));
    ObjectNode json = brief(model);
    json.put("accuracy", model.accuracy());
    json.set("manifest", model.document());
    var versions = json.putArray("versions");
    registry.versions(key).forEach(version -> versions.add(brief(version)));
    return json;
  }

  /**
   * What a model needs, before any patient's data is sent: as JSON, or as a FHIR Questionnaire or
   * Library.
   */
  @GetMapping("/{key}/requirements")
  ResponseEntity<ObjectNode> requirements(
      @PathVariable String key,
      @RequestParam(required = false) @Nullable String version,
      @RequestParam(defaultValue = "json") String format,
      HttpServletRequest request) {
    Registration.Model model =
        registry.resolve(key, version).orElseThrow(() -> Problem.notFound("active model"));
    Negotiator negotiator = negotiators.of(model);
    List<Locale.LanguageRange> languages = Languages.of(request);
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "json" -> ResponseEntity.ok(RequirementsJson.of(negotiator, languages));
      case "questionnaire" -> {
        ObjectNode form =
            FhirAnswer.questionnaire(negotiator.everything(), model.manifest(), languages);
        if (form == null) {
          throw Problem.notFound("question: the model needs nothing");
        }
        yield fhir(form);
      }
      case "library" -> fhir(FhirAnswer.library(negotiator.everything(), model.manifest()));
      default -> throw Problem.badRequest("format must be one of json, questionnaire, library.");
    };
  }

  private static ResponseEntity<ObjectNode> fhir(ObjectNode resource) {
    return ResponseEntity.ok().contentType(Bodies.FHIR_JSON).body(resource);
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  ObjectNode register(HttpServletRequest request) {
    MediaType type = Bodies.mediaType(request, MediaType.APPLICATION_JSON, Bodies.YAML);
    return bodies.with(
        request,
        body -> {
          JsonNode document = document(type, body);
          require(ManifestReader.read(document));
          ModelRow row = ManifestReader.toRow(document);
          UUID id =
              registry
                  .register(row, State.DRAFT, "api", null)
                  .orElseThrow(
                      () ->
                          Problem.conflict(
                              "version-taken",
                              "The version is there already",
                              "A version of equal precedence is registered under this key:"
                                  + " raise the version."));
          return brief(
              registry.find(id).orElseThrow(() -> new IllegalStateException("just registered")));
        });
  }

  private JsonNode document(MediaType type, byte[] body) {
    if (type.equals(MediaType.APPLICATION_JSON)) {
      return bodies.json(body);
    }
    try {
      return ManifestReader.fromYaml(body);
    } catch (MalformedManifestException e) {
      throw Problem.invalidManifest(String.valueOf(e.getMessage()));
    }
  }

  private static void require(ManifestReading reading) {
    if (reading instanceof ManifestReading.Refused refused) {
      var mistakes = Json.MAPPER.createArrayNode();
      for (Mistake mistake : refused.mistakes()) {
        mistakes.addObject().put("path", mistake.path()).put("message", mistake.message());
      }
      throw Problem.invalidManifest(refused.sentence()).with("mistakes", mistakes);
    }
  }

  /** Changes the state of one version. Its running jobs keep it. */
  @PatchMapping("/{key}/versions/{version}")
  ObjectNode change(
      @PathVariable String key, @PathVariable String version, HttpServletRequest request) {
    Bodies.mediaType(request, MediaType.APPLICATION_JSON);
    JsonNode body = bodies.with(request, bodies::json);
    JsonNode state = body.path("state");
    if (!body.isObject() || body.size() != 1 || !state.isString()) {
      throw Problem.badRequest("Send {\"state\": \"draft\" | \"active\" | \"retired\"}.");
    }
    if (!registry.changeState(key, version, state(state.stringValue()))) {
      throw Problem.notFound("version of this model");
    }
    return registry.versions(key).stream()
        .filter(registration -> registration.version().equals(version))
        .map(ModelController::brief)
        .findFirst()
        .orElseThrow(() -> Problem.notFound("version of this model"));
  }

  private static State state(String label) {
    for (State state : State.values()) {
      if (state.label().equals(label.toLowerCase(Locale.ROOT))) {
        return state;
      }
    }
    throw Problem.badRequest("state must be one of draft, active, retired.");
  }

  private static ObjectNode brief(Registration registration) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("key", registration.key());
    json.put("version", registration.version());
    json.put("name", registration.name());
    json.put("state", registration.state().label());
    switch (registration) {
      case Registration.Invalid invalid -> json.put("invalid", invalid.reason());
      case Registration.Model model -> {
        json.put("origin", model.origin());
        json.put("image", model.manifest().image());
        json.put("digest", model.digest());
        json.put("isolation_minimum", model.manifest().minimum().label());
        json.put("intended_use", model.manifest().card().get("intended_use"));
      }
    }
    return json;
  }
}
