package org.clinisandbox.sandbox;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.registry.Manifest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads one reply line. Its reasons name fields and bounds, never what the model wrote. */
final class ReplyReader {
  private static final Set<String> FIELDS =
      Set.of("outcome", "score", "unit", "probability", "qualitative", "rationale", "details");
  private static final int MAX_WORD = 200;
  private static final int MAX_RATIONALE_BYTES = 4096;

  /** Powers of ten beyond those of a double, which no clinical number needs. */
  private static final int MAX_EXPONENT = 310;

  private final Manifest.Output output;

  ReplyReader(Manifest.Output output) {
    this.output = output;
  }

  ModelReply read(JsonNode line) throws Refused {
    if (!(line instanceof ObjectNode reply)) {
      throw new Refused("it is not a JSON object");
    }
    for (String name : reply.propertyNames()) {
      if (!FIELDS.contains(name)) {
        throw new Refused("it has a field that the protocol does not know");
      }
    }
    check(reply);
    String outcome = text(reply, "outcome");
    if (outcome == null || outcome.isBlank()) {
      throw new Refused("it has no outcome");
    }
    BigDecimal score = number(reply, "score");
    if (score != null && output.score() != null && !output.score().contains(score)) {
      throw new Refused("its score lies outside the bounds that the manifest declares");
    }
    BigDecimal probability = number(reply, "probability");
    if (probability != null
        && (probability.signum() < 0 || probability.compareTo(BigDecimal.ONE) > 0)) {
      throw new Refused("its probability is not between 0 and 1");
    }
    String rationale = text(reply, "rationale");
    if (rationale != null
        && rationale.getBytes(StandardCharsets.UTF_8).length > MAX_RATIONALE_BYTES) {
      throw new Refused("its rationale is longer than " + MAX_RATIONALE_BYTES + " bytes");
    }
    return new ModelReply(
        outcome,
        score,
        unit(reply, score),
        probability,
        text(reply, "qualitative"),
        rationale,
        details(reply));
  }

  /** One line of strict JSON. */
  static JsonNode parse(byte[] line) throws Refused {
    String text = Utf8.decode(line);
    if (text == null) {
      throw new Refused("it is not UTF-8");
    }
    try {
      return JsonLines.JSON.readTree(text);
    } catch (JacksonException e) {
      throw new Refused(
          "it is not strict JSON: one object, no key twice, at most 64 deep, no NaN or Infinity");
    }
  }

  /** Everywhere in the reply: numbers and strings that every reader downstream can take. */
  private static void check(JsonNode node) throws Refused {
    if (node.isNumber()) {
      BigDecimal number = node.decimalValue();
      if (Math.abs((long) number.precision() - number.scale()) > MAX_EXPONENT
          || Math.abs((long) number.scale()) > MAX_EXPONENT) {
        throw new Refused("it has a number that is too large or too small");
      }
    } else if (node.isString()) {
      check(node.stringValue());
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      check(property.getKey());
      check(property.getValue());
    }
    if (node.isArray()) {
      for (JsonNode element : node) {
        check(element);
      }
    }
  }

  private static void check(String text) throws Refused {
    if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new Refused("it has a string with a NUL or half a surrogate pair");
    }
  }

  private @Nullable String unit(ObjectNode reply, @Nullable BigDecimal score) throws Refused {
    String unit = text(reply, "unit");
    if (unit != null && output.unit() != null && !unit.equals(output.unit())) {
      throw new Refused("its unit is not the one that the manifest declares");
    }
    if (score == null) {
      return null;
    }
    return unit == null ? output.unit() : unit;
  }

  /** The details; none are an empty object, for the manifest's schema too. */
  private ObjectNode details(ObjectNode reply) throws Refused {
    ObjectNode details =
        switch (value(reply, "details")) {
          case null -> JsonLines.JSON.createObjectNode();
          case ObjectNode object -> object;
          case JsonNode other -> throw new Refused("its details are not an object");
        };
    String fault = output.schema() == null ? null : DetailsCheck.fault(output.schema(), details);
    if (fault != null) {
      throw new Refused(fault);
    }
    return details;
  }

  private static @Nullable BigDecimal number(ObjectNode reply, String name) throws Refused {
    JsonNode value = value(reply, name);
    if (value == null) {
      return null;
    }
    if (!value.isNumber()) {
      throw new Refused("its " + name + " is not a number");
    }
    return value.decimalValue();
  }

  private static @Nullable String text(ObjectNode reply, String name) throws Refused {
    JsonNode value = value(reply, name);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      throw new Refused("its " + name + " is not a string");
    }
    String text = value.stringValue();
    if (!name.equals("rationale") && text.length() > MAX_WORD) {
      throw new Refused("its " + name + " is longer than " + MAX_WORD + " characters");
    }
    return text;
  }

  /** A field's value; null when it is absent or null. */
  private static @Nullable JsonNode value(ObjectNode reply, String name) {
    JsonNode value = reply.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** Why a reply is not taken. */
  static final class Refused extends Exception {
    private final String reason;

    Refused(String fault) {
      this.reason = "The model's reply is not usable: " + fault + ".";
    }

    String reason() {
      return reason;
    }
  }
}
