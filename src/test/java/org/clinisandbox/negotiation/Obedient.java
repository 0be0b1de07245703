package org.clinisandbox.negotiation;

import static org.clinisandbox.negotiation.RandomModels.pick;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.Series;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Somebody who answers a Questionnaire as it asks: each item by its type, one option of a group, a
 * series at times that are far enough apart, everything plausible and inside the population. That a
 * record says yes is not denied.
 */
final class Obedient {
  private final Manifest manifest;
  private final Random random;
  private final Instant authored;
  private final Map<String, Requirement> inputs = new HashMap<>();
  private final Map<String, Gap> gaps = new HashMap<>();

  private Obedient(Manifest manifest, List<Gap> gaps, Random random, Instant authored) {
    this.manifest = manifest;
    this.random = random;
    this.authored = authored;
    manifest.inputs().forEach(input -> inputs.put(input.name(), input));
    gaps.forEach(gap -> this.gaps.put(gap.name(), gap));
  }

  /**
   * The answers to a form.
   *
   * @param form as {@link FhirAnswer#questionnaire} made it of these gaps
   * @return without a subject
   */
  static ObjectNode answer(
      JsonNode form, List<Gap> gaps, Manifest manifest, Random random, Instant authored) {
    Obedient obedient = new Obedient(manifest, gaps, random, authored);
    ObjectNode response =
        Replies.response(
            form.path("item").values().stream().map(obedient::item).toArray(ObjectNode[]::new));
    response.remove("subject");
    return response.put("authored", authored.toString());
  }

  private ObjectNode item(JsonNode question) {
    String name = question.path("linkId").stringValue();
    return switch (question.path("type").stringValue()) {
      case "group" ->
          Replies.group(name, item(pick(random, List.copyOf(question.path("item").values()))));
      case "boolean" -> Replies.item(name, "{\"valueBoolean\": " + truth(name) + "}");
      case "date" ->
          Replies.item(
              name,
              "{\"valueDate\": \"19%d-0%d-11\"}"
                  .formatted(50 + random.nextInt(50), 1 + random.nextInt(9)));
      case "choice" -> Replies.item(name, "{\"valueCoding\": " + choice(name, question) + "}");
      case "quantity" -> answers(name, "\"valueQuantity\": {\"value\": %s, \"unit\": \"points\"}");
      case "decimal" -> answers(name, "\"valueDecimal\": %s");
      case String type -> throw new AssertionError("no answer is known for " + type);
    };
  }

  private boolean truth(String name) {
    Gap gap = gaps.get(name);
    return (gap != null && gap.reason() == Reason.CONFLICT) || random.nextBoolean();
  }

  private JsonNode choice(String name, JsonNode question) {
    Set<String> sexes = manifest.population().sexes();
    List<JsonNode> options = new ArrayList<>();
    for (JsonNode option : question.path("answerOption")) {
      JsonNode coding = option.path("valueCoding");
      if (!name.equals("sex")
          || sexes.isEmpty()
          || sexes.contains(coding.path("code").stringValue())) {
        options.add(coding);
      }
    }
    return pick(random, options);
  }

  private ObjectNode answers(String name, String value) {
    OfObservation observation = (OfObservation) Objects.requireNonNull(inputs.get(name));
    Series series = observation.series();
    if (series == null) {
      return Replies.item(name, "{" + value.formatted(number(observation)) + "}");
    }
    ObjectNode item = Replies.item(name);
    for (int i = 0; i < series.count(); i++) {
      Instant at = authored.minus(ObservationCheck.apart(series).multipliedBy(i));
      item.withArray("answer")
          .add(
              Replies.json(
                  "{%s, \"item\": [ {\"linkId\": \"%s.at\", \"answer\": [ {\"valueDateTime\": \"%s\"} ]} ]}"
                      .formatted(value.formatted(number(observation)), name, at)));
    }
    return item;
  }

  private int number(OfObservation observation) {
    Requirement.Range range = observation.range();
    if (range == null || range.low() == null || range.high() == null) {
      return random.nextInt(10);
    }
    int low = range.low().intValue();
    return low + random.nextInt(range.high().intValue() - low + 1);
  }
}
