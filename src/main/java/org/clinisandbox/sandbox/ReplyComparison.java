package org.clinisandbox.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Manifest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Compares a reply with what a case expects, field by field. */
final class ReplyComparison {
  private final Manifest.Case test;
  private final List<String> differences = new ArrayList<>();

  ReplyComparison(Manifest.Case test) {
    this.test = test;
  }

  List<String> differences(ModelReply reply) {
    ObjectNode actual = JsonLines.JSON.createObjectNode();
    actual.put("outcome", reply.outcome());
    actual.put("score", reply.score());
    actual.put("unit", reply.unit());
    actual.put("probability", reply.probability());
    actual.put("qualitative", reply.qualitative());
    actual.put("rationale", reply.rationale());
    actual.set("details", reply.details());
    compare("", test.expect(), actual);
    return differences;
  }

  private void compare(String path, JsonNode expected, @Nullable JsonNode actual) {
    if (expected.isObject() && actual != null && actual.isObject()) {
      for (Map.Entry<String, JsonNode> field : expected.properties()) {
        String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
        compare(below, field.getValue(), actual.get(field.getKey()));
      }
    } else if (!same(expected, actual)) {
      differences.add(
          path + ": expected " + expected + ", got " + (actual == null ? "nothing" : actual) + ".");
    }
  }

  private boolean same(JsonNode expected, @Nullable JsonNode actual) {
    if (actual == null || actual.isNull()) {
      return expected.isNull();
    }
    if (expected.isNumber() && actual.isNumber()) {
      return expected
              .decimalValue()
              .subtract(actual.decimalValue())
              .abs()
              .compareTo(test.tolerance())
          <= 0;
    }
    return expected.equals(actual);
  }
}
