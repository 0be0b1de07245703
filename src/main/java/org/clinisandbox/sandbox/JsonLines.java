package org.clinisandbox.sandbox;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The protocol {@code json-lines}: one request line, one reply line. */
final class JsonLines {
  private static final String PROTOCOL = "clinisandbox/1";
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER_LENGTH = 100;
  private static final int MAX_PLAIN_DIGITS = 20;

  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonLines() {}

  /** The request line, without its end. */
  static byte[] request(ModelRequest request) {
    ObjectNode line = JSON.createObjectNode();
    line.put("protocol", PROTOCOL);
    line.putObject("model").put("key", request.key()).put("version", request.version());
    line.put("seed", request.seed());
    line.put("now", request.now().toString());
    ObjectNode settings = line.putObject("settings");
    request.settings().forEach((name, word) -> settings.put(name, word));
    ObjectNode inputs = line.putObject("inputs");
    request.inputs().forEach((name, input) -> write(inputs.putObject(name), input));
    return JSON.writeValueAsBytes(line);
  }

  private static void write(ObjectNode node, ModelInput input) {
    switch (input) {
      case ModelInput.Quantity quantity -> write(node, quantity);
      case ModelInput.Word(String value, var effective) -> {
        node.put("value", value);
        write(node, effective);
      }
      case ModelInput.Truth(boolean value, var effective) -> {
        node.put("value", value);
        write(node, effective);
      }
      case ModelInput.Series(var newestFirst) -> {
        write(node, newestFirst.getFirst());
        ArrayNode earlier = node.putArray("earlier");
        newestFirst.stream().skip(1).forEach(older -> write(earlier.addObject(), older));
      }
    }
  }

  private static void write(ObjectNode node, ModelInput.Quantity quantity) {
    node.put("value", plain(quantity.value()));
    if (quantity.unit() != null) {
      node.put("unit", quantity.unit());
    }
    write(node, quantity.effective());
  }

  private static void write(ObjectNode node, @Nullable Instant effective) {
    if (effective != null) {
      node.put("effective", effective.toString());
    }
  }

  /** Whole numbers of usual size without an exponent: 1000, not 1E+3. */
  static BigDecimal plain(BigDecimal number) {
    boolean usual = number.precision() - number.scale() <= MAX_PLAIN_DIGITS;
    return number.scale() < 0 && usual ? number.setScale(0) : number;
  }
}
