package org.clinisandbox.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.negotiation.Catalogue;
import org.clinisandbox.negotiation.GapJson;
import org.clinisandbox.negotiation.Matches;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** POST /v1/match: which models can use a bundle, and what would make more of them ready. */
@RestController
public class MatchController {
  private final Bodies bodies;
  private final Weighing weighing;
  private @Nullable Kept kept;

  public MatchController(Bodies bodies, Weighing weighing) {
    this.bodies = bodies;
    this.weighing = weighing;
  }

  /** The catalogue of one revision of the registry. */
  private record Kept(long revision, Catalogue catalogue) {}

  @PostMapping("/v1/match")
  ObjectNode match(HttpServletRequest request) {
    Bodies.mediaType(request, MediaType.APPLICATION_JSON, Bodies.FHIR_JSON);
    return bodies.with(
        request,
        body -> {
          JsonNode bundle = bodies.json(body);
          Facts facts = weighing.validation().facts(() -> weighing.fhir().check(bundle));
          return json(catalogue().match(facts, weighing.clock().instant()), Languages.of(request));
        });
  }

  /** Made anew when the registry has changed; whoever comes meanwhile waits for it. */
  private synchronized Catalogue catalogue() {
    long revision = weighing.registry().revision();
    if (kept == null || kept.revision() != revision) {
      kept =
          new Kept(
              revision,
              new Catalogue(
                  weighing.registry().active().stream().map(weighing.negotiators()::of).toList()));
    }
    return kept.catalogue();
  }

  private static ObjectNode json(Matches matches, List<Locale.LanguageRange> languages) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    ArrayNode models = json.putArray("models");
    for (Matches.Match match : matches.models()) {
      ObjectNode model = models.addObject();
      model.set("model", VerdictJson.model(match.model()));
      model.put("verdict", match.standing().label());
      model.set("gaps", GapJson.gaps(match.gaps(), languages));
    }
    ArrayNode unlocks = json.putArray("unlock");
    for (Matches.Unlock unlock : matches.unlocks()) {
      ObjectNode each = unlocks.addObject();
      ArrayNode ask = each.putArray("ask");
      unlock
          .ask()
          .forEach(
              item ->
                  ask.addObject()
                      .put("system", item.system())
                      .put("code", item.code())
                      .put("display", item.display()));
      ArrayNode keys = each.putArray("models");
      unlock.models().forEach(keys::add);
    }
    return json.put("complete", matches.complete());
  }
}
