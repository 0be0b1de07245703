package org.clinisandbox.sandbox;

import java.util.Map;
import java.util.Set;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.sandbox.ReplyReader.Refused;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Models that serve HTTP: the bodies that MLflow's scoring server (also in SageMaker) and the Open
 * Inference Protocol, version 2, take and give, from and to our own reply. One patient is one
 * record.
 *
 * <p>Such a model gives a bare prediction more often than a reply: a number is the score where the
 * manifest declares a score or a unit, else the probability; a word is the outcome.
 */
final class Served {
  private static final Set<String> REPLY_FIELDS =
      Set.of("outcome", "score", "unit", "probability", "qualitative", "rationale");

  /** The outcome where a model names none. */
  private static final String PREDICTED = "predicted";

  private Served() {}

  static byte[] dataframe(Map<String, ModelInput> inputs) {
    ObjectNode body = JsonLines.JSON.createObjectNode();
    ObjectNode patient = body.putArray("dataframe_records").addObject();
    inputs.forEach((name, input) -> patient.set(name, value(input)));
    return JsonLines.JSON.writeValueAsBytes(body);
  }

  /** Each input a tensor of one row; a history is a row of its values, newest first. */
  static byte[] tensors(Map<String, ModelInput> inputs) {
    ObjectNode body = JsonLines.JSON.createObjectNode();
    ArrayNode tensors = body.putArray("inputs");
    inputs.forEach(
        (name, input) -> {
          JsonNode value = value(input);
          ArrayNode data =
              value instanceof ArrayNode row ? row : JsonLines.JSON.createArrayNode().add(value);
          ObjectNode tensor = tensors.addObject().put("name", name);
          tensor.putArray("shape").add(1).add(data.size());
          tensor.put(
              "datatype",
              switch (input) {
                case ModelInput.Quantity _, ModelInput.Series _ -> "FP64";
                case ModelInput.Word _ -> "BYTES";
                case ModelInput.Truth _ -> "BOOL";
              });
          tensor.set("data", data);
        });
    return JsonLines.JSON.writeValueAsBytes(body);
  }

  private static JsonNode value(ModelInput input) {
    var nodes = JsonLines.JSON.getNodeFactory();
    return switch (input) {
      case ModelInput.Quantity quantity -> nodes.numberNode(JsonLines.plain(quantity.value()));
      case ModelInput.Word word -> nodes.stringNode(word.value());
      case ModelInput.Truth truth -> nodes.booleanNode(truth.value());
      case ModelInput.Series series -> {
        ArrayNode row = nodes.arrayNode();
        series.newestFirst().forEach(one -> row.add(JsonLines.plain(one.value())));
        yield row;
      }
    };
  }

  /** {@code {"predictions": [one]}}, a bare list of one, or a reply as ours. */
  static JsonNode prediction(JsonNode body, Manifest.Output output) throws Refused {
    JsonNode predictions = body.path("predictions");
    if (body.isObject() && predictions.isMissingNode()) {
      return body;
    }
    return reply(single(body.isArray() ? body : predictions), output);
  }

  /**
   * {@code {"outputs": [tensor…]}}: tensors named as the fields of our reply are those fields; a
   * single one of another name is the prediction, and several are details.
   */
  static JsonNode outputs(JsonNode body, Manifest.Output output) throws Refused {
    JsonNode tensors = body.path("outputs");
    if (!tensors.isArray() || tensors.isEmpty()) {
      throw new Refused("it has no outputs");
    }
    if (tensors.size() == 1 && !isField(tensors.get(0))) {
      return reply(single(tensors.get(0).path("data")), output);
    }
    ObjectNode reply = JsonLines.JSON.createObjectNode();
    ObjectNode details = JsonLines.JSON.createObjectNode();
    for (JsonNode tensor : tensors) {
      JsonNode name = tensor.path("name");
      ObjectNode place = isField(tensor) ? reply : details;
      if (!name.isString() || place.has(name.stringValue())) {
        throw new Refused("its outputs do not each have a name of their own");
      }
      JsonNode data = tensor.path("data");
      place.set(name.stringValue(), isField(tensor) || data.size() == 1 ? single(data) : data);
    }
    if (!details.isEmpty()) {
      reply.set("details", details);
    }
    return named(reply);
  }

  private static boolean isField(JsonNode tensor) {
    return REPLY_FIELDS.contains(tensor.path("name").asString(""));
  }

  /** The one value in a list, or in a list in a list, as a matrix of one row has it. */
  private static JsonNode single(JsonNode list) throws Refused {
    JsonNode one = list;
    for (int depth = 0; depth < 2 && one.isArray(); depth++) {
      if (one.size() != 1) {
        throw new Refused("it is not one prediction for one patient");
      }
      one = one.get(0);
    }
    if (one.isMissingNode() || one.isNull() || one.isArray()) {
      throw new Refused("it has no prediction");
    }
    return one;
  }

  private static JsonNode reply(JsonNode prediction, Manifest.Output output) throws Refused {
    ObjectNode reply = JsonLines.JSON.createObjectNode();
    if (prediction instanceof ObjectNode whole) {
      return named(whole);
    }
    if (prediction.isNumber()) {
      boolean isScore = output.score() != null || output.unit() != null;
      return named(reply.set(isScore ? "score" : "probability", prediction));
    }
    if (prediction.isString()) {
      return reply.set("outcome", prediction);
    }
    throw new Refused("its prediction is neither a number, a word nor an object");
  }

  private static ObjectNode named(ObjectNode reply) {
    return reply.has("outcome") ? reply : reply.put("outcome", PREDICTED);
  }
}
