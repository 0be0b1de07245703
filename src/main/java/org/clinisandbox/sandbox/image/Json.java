package org.clinisandbox.sandbox.image;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON of images: strict, bounded, and never quoted in a message. */
final class Json {
  static final int MOST_BYTES = 4 << 20;
  private static final int MAX_DEPTH = 64;

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private Json() {}

  static JsonNode read(byte[] bytes, String what) throws ImageException {
    try {
      return MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw ImageException.refused("has a damaged part: " + what + " is no sound JSON");
    }
  }

  /** A text; null when it is not there. */
  static @Nullable String text(JsonNode node, String name) throws ImageException {
    JsonNode value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw ImageException.refused("has a description whose " + name + " is no text");
    }
    return value.asString();
  }

  static String required(JsonNode node, String name) throws ImageException {
    String text = text(node, name);
    if (text == null) {
      throw ImageException.refused("has a description without " + name);
    }
    return text;
  }

  /** A list of texts; empty when it is not there. */
  static List<String> texts(JsonNode node, String name) throws ImageException {
    JsonNode list = node.path(name);
    List<String> texts = new ArrayList<>();
    if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
      throw ImageException.refused("has a description whose " + name + " is no list");
    }
    for (JsonNode item : list) {
      if (!item.isString()) {
        throw ImageException.refused("has a description whose " + name + " holds more than texts");
      }
      texts.add(item.asString());
    }
    return texts;
  }
}
