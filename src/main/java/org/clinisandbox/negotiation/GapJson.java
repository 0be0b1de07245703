package org.clinisandbox.negotiation;

import java.util.List;
import java.util.Locale;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.Range;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Gaps and inputs in the plain JSON of the HTTP API. */
public final class GapJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private GapJson() {}

  /**
   * The list {@code gaps}; {@code ask} is left out where nobody is to be asked, {@code options}
   * where there are none.
   *
   * @param languages what the questions are put in, as ranges by RFC 4647
   */
  public static ArrayNode gaps(List<Gap> gaps, List<Locale.LanguageRange> languages) {
    ArrayNode array = JSON.arrayNode();
    for (Gap gap : gaps) {
      ObjectNode node = array.addObject();
      need(node, gap);
      node.put("reason", gap.reason().label());
      node.put("detail", gap.detail());
      ask(node, gap, languages);
      if (!gap.options().isEmpty()) {
        node.set("options", gaps(gap.options(), languages));
      }
    }
    return array;
  }

  /** The same as what a model needs at all: without reason and detail. */
  public static ArrayNode requirements(List<Gap> gaps, List<Locale.LanguageRange> languages) {
    ArrayNode array = JSON.arrayNode();
    for (Gap gap : gaps) {
      ObjectNode node = array.addObject();
      need(node, gap);
      limits(node, gap.requirement());
      ask(node, gap, languages);
      if (!gap.options().isEmpty()) {
        node.set("options", requirements(gap.options(), languages));
      }
    }
    return array;
  }

  private static void need(ObjectNode node, Gap gap) {
    node.put("kind", gap.kind().label());
    node.put("name", gap.name());
    node.put("system", gap.system());
    node.put("code", gap.code());
    node.put("display", gap.requirement().display());
    gap.accepts().forEach(node.putArray("accepts")::add);
    node.put("unit", gap.unit());
    node.put("mandatory", gap.mandatory());
  }

  private static void limits(ObjectNode node, Requirement requirement) {
    if (requirement instanceof OfObservation observation) {
      Range range = observation.range();
      if (range != null) {
        node.putObject("range").put("low", range.low()).put("high", range.high());
      }
      putIfPresent(node, "max_age", observation.maxAge());
      if (observation.series() != null) {
        node.put("count", observation.series().count());
        node.put("spacing", observation.series().spacing().toString());
      }
      if (!observation.coded().isEmpty()) {
        ArrayNode allowed = node.putArray("allowed");
        observation
            .coded()
            .forEach(
                answer ->
                    allowed
                        .addObject()
                        .put("system", answer.system())
                        .put("code", answer.code())
                        .put("display", answer.display()));
      }
    }
    Input assumed = Assumptions.of(requirement);
    if (assumed != null) {
      value(node, "assumed", assumed.value());
    }
  }

  private static void ask(ObjectNode node, Gap gap, List<Locale.LanguageRange> languages) {
    putIfPresent(node, "ask", gap.ask(languages));
    node.put("answered_by", gap.requirement().answeredBy().name().toLowerCase(Locale.ROOT));
  }

  /** The lists {@code satisfied} and {@code inputs}; what an input has not is left out. */
  public static ArrayNode inputs(List<Input> inputs) {
    ArrayNode array = JSON.arrayNode();
    for (Input input : inputs) {
      ObjectNode node = array.addObject();
      node.put("name", input.name());
      putIfPresent(node, "code", input.code());
      value(node, "value", input.value());
      putIfPresent(node, "unit", input.unit());
      node.put("source", input.source());
      putIfPresent(node, "effective", input.effective());
      putIfPresent(node, "expires", input.expires());
      putIfPresent(node, "converted_from", input.convertedFrom());
      if (!input.earlier().isEmpty()) {
        node.set("earlier", inputs(input.earlier()));
      }
    }
    return array;
  }

  private static void value(ObjectNode node, String key, Input.Value value) {
    switch (value) {
      case Input.Value.Numeric(var number) -> node.put(key, number);
      case Input.Value.Word(String word) -> node.put(key, word);
      case Input.Value.Truth(boolean truth) -> node.put(key, truth);
    }
  }

  private static void putIfPresent(ObjectNode node, String key, @Nullable Object value) {
    if (value != null) {
      node.put(key, value.toString());
    }
  }
}
