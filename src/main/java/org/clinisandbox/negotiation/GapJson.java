package org.clinisandbox.negotiation;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Gaps and inputs in the plain JSON of the HTTP API. */
public final class GapJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private GapJson() {}

  /** The list {@code gaps}; {@code ask} is left out where no answer could help. */
  public static ArrayNode gaps(List<Gap> gaps) {
    ArrayNode array = JSON.arrayNode();
    for (Gap gap : gaps) {
      ObjectNode node = array.addObject();
      node.put("kind", gap.kind().label());
      node.put("name", gap.name());
      node.put("system", gap.system());
      node.put("code", gap.code());
      node.put("display", gap.display());
      gap.accepts().forEach(node.putArray("accepts")::add);
      node.put("unit", gap.unit());
      node.put("mandatory", gap.mandatory());
      node.put("reason", gap.reason().label());
      node.put("detail", gap.detail());
      putIfPresent(node, "ask", gap.ask());
      node.put("answered_by", gap.answeredBy().name().toLowerCase(Locale.ROOT));
    }
    return array;
  }

  /** The lists {@code satisfied} and {@code inputs}; what an input has not is left out. */
  public static ArrayNode inputs(List<Input> inputs) {
    ArrayNode array = JSON.arrayNode();
    for (Input input : inputs) {
      ObjectNode node = array.addObject();
      node.put("name", input.name());
      putIfPresent(node, "code", input.code());
      switch (input.value()) {
        case Input.Value.Numeric(var number) -> node.put("value", number);
        case Input.Value.Word(String word) -> node.put("value", word);
      }
      putIfPresent(node, "unit", input.unit());
      node.put("source", input.source());
      putIfPresent(node, "effective", input.effective());
      putIfPresent(node, "expires", input.expires());
      putIfPresent(node, "converted_from", input.convertedFrom());
    }
    return array;
  }

  private static void putIfPresent(ObjectNode node, String key, @Nullable Object value) {
    if (value != null) {
      node.put(key, value.toString());
    }
  }
}
