package org.clinisandbox.registry;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The JSON Schema that a manifest gives for the details of its replies. It is checked against every
 * reply, so it may hold only keywords whose work is bounded: no regular expressions, no recursion,
 * and a limit to how often {@code $ref} can multiply it.
 */
final class DetailsSchemaReader {
  private static final int MOST_BYTES = 16 << 10;
  private static final int MOST_LEVELS = 16;
  private static final int MOST_SUBSCHEMAS = 200;

  private static final BigDecimal LARGEST_COUNT = BigDecimal.valueOf(Integer.MAX_VALUE);
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final String DEFINITION = "#/$defs/";
  private static final Syntax ANY_TEXT = new Syntax("text", any -> true);
  private static final Syntax DIALECT_ONLY = new Syntax(DIALECT, DIALECT::equals);
  private static final Syntax TYPE =
      new Syntax(
          "one of object, array, string, number, integer, boolean, null",
          Set.of("object", "array", "string", "number", "integer", "boolean", "null")::contains);
  private static final Syntax REFERENCE =
      new Syntax(
          "#/$defs/NAME, the only place that may be referred to",
          Pattern.compile("#/\\$defs/[A-Za-z0-9_.-]{1,64}").asMatchPredicate());
  private static final Set<String> WITH_PATTERNS = Set.of("pattern", "patternProperties", "format");

  private final @Nullable Fields definitions;
  private final Map<String, Integer> weights = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  private DetailsSchemaReader(@Nullable Fields definitions) {
    this.definitions = definitions;
  }

  /** The schema as it stands; null when the key is absent. */
  static @Nullable JsonNode read(Fields owner, String key) {
    JsonNode node = owner.find(key);
    Fields root = owner.object(key);
    if (node == null || root == null) {
      return null;
    }
    if (node.toString().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      owner.mistake(key, "must not be longer than 16 KiB, written as JSON");
    } else if (levels(node) > MOST_LEVELS) {
      owner.mistake(key, "must not be nested deeper than " + MOST_LEVELS + " levels");
    } else if (new DetailsSchemaReader(root.object("$defs")).whole(root) > MOST_SUBSCHEMAS) {
      owner.mistake(
          key,
          "has more than " + MOST_SUBSCHEMAS + " subschemas, each $ref counted as written out");
    }
    return node;
  }

  private static int levels(JsonNode node) {
    int below = 0;
    for (JsonNode child : node) {
      below = Math.max(below, levels(child));
    }
    return node.isContainer() ? 1 + below : 0;
  }

  private int whole(Fields root) {
    if (definitions != null) {
      for (String name : definitions.keys()) {
        definition(definitions, name, name);
      }
    }
    root.text("$schema", DIALECT_ONLY);
    return schema(root);
  }

  /** Reads one schema; how many it is, itself included, with each reference written out. */
  private int schema(Fields schema) {
    for (String key : schema.keys()) {
      if (WITH_PATTERNS.contains(key)) {
        schema.find(key);
        schema.mistake(key, "is refused: matching a pattern of a vendor's could run for ever");
      } else if (schema.isNull(key) && !key.equals("const")) {
        schema.mistake(key, "is empty: leave it out (the type is \"null\", with quotes)");
      }
    }
    schema.text("title", ANY_TEXT);
    schema.text("description", ANY_TEXT);
    schema.text("$comment", ANY_TEXT);
    values(schema);
    int weight = 1 + structure(schema) + combinations(schema);
    schema.refuseOthers();
    return Math.min(weight, MOST_SUBSCHEMAS + 1);
  }

  private static void values(Fields schema) {
    JsonNode type = schema.find("type");
    if (type != null && type.isArray()) {
      if (schema.texts("type", TYPE).isEmpty()) {
        schema.mistake("type", "must list at least one type");
      }
    } else {
      schema.text("type", TYPE);
    }
    schema.find("const");
    JsonNode listed = schema.find("enum");
    if (listed != null && (!listed.isArray() || listed.isEmpty())) {
      schema.mistake("enum", "must list at least one value");
    }
    for (String bound : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
      schema.number(bound);
    }
    for (String count :
        List.of(
            "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")) {
      BigDecimal number = schema.number(count);
      if (number != null
          && (number.signum() < 0
              || number.compareTo(LARGEST_COUNT) > 0
              || number.stripTrailingZeros().scale() > 0)) {
        schema.mistake(count, "must be a whole number, not below 0");
      }
    }
  }

  private int structure(Fields schema) {
    int weight = 0;
    Fields properties = schema.object("properties");
    if (properties != null) {
      for (String name : properties.keys()) {
        if (!Syntax.PROPERTY.accepts().test(name)) {
          properties.mistake(name, "must be " + Syntax.PROPERTY.expectation());
        }
        if (properties.isNull(name)) {
          properties.mistake(name, "has no schema: write true for anything");
        }
        weight += subschema(properties, name);
      }
    }
    schema.texts("required", Syntax.PROPERTY);
    return weight + subschema(schema, "additionalProperties") + subschema(schema, "items");
  }

  private int combinations(Fields schema) {
    int weight = 0;
    for (String key : List.of("allOf", "anyOf", "oneOf")) {
      List<Fields> alternatives = schema.objects(key);
      if (schema.has(key) && alternatives.isEmpty()) {
        schema.mistake(key, "must list at least one schema");
      }
      for (Fields alternative : alternatives) {
        weight += schema(alternative);
      }
    }
    String reference = schema.text("$ref", REFERENCE);
    if (reference != null && reference.startsWith(DEFINITION)) {
      weight += definition(schema, "$ref", reference.substring(DEFINITION.length()));
    }
    return weight;
  }

  /** A schema below a key; true and false are schemas too, of anything and of nothing. */
  private int subschema(Fields owner, String key) {
    JsonNode value = owner.find(key);
    if (value == null) {
      return 0;
    }
    Fields schema = value.isBoolean() ? null : owner.object(key);
    return schema == null ? 1 : schema(schema);
  }

  private int definition(Fields user, String key, String name) {
    Integer known = weights.get(name);
    if (known != null) {
      return known;
    }
    if (definitions == null || !definitions.has(name)) {
      user.mistake(key, "names no schema of $defs");
      return 0;
    }
    if (!open.add(name)) {
      user.mistake(key, "leads back to itself: a schema must not be recursive here");
      return 0;
    }
    int weight = subschema(definitions, name);
    open.remove(name);
    weights.put(name, weight);
    return weight;
  }
}
