package org.clinisandbox.registry;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published JSON Schema, and what a validator and an editor make of it. */
final class PublishedSchema {
  static final JsonNode TEXT = JsonMapper.shared().readTree(ManifestSchema.bytes());

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private PublishedSchema() {}

  static List<Error> errors(JsonNode document) {
    return SCHEMAS.getSchema(TEXT).validate(document);
  }

  /** What the schema of all schemas says of one. */
  static List<Error> errorsOfSchema(JsonNode schema) {
    return SCHEMAS
        .getSchema(
            com.networknt.schema.SchemaLocation.of(
                SpecificationVersion.DRAFT_2020_12.getDialectId()))
        .validate(schema);
  }

  /** The schema of each object in a document, by level; those that list no properties are left. */
  static Map<String, JsonNode> levels(JsonNode document) {
    Map<String, JsonNode> levels = new TreeMap<>();
    collect(document, TEXT, "", levels);
    return levels;
  }

  private static void collect(
      JsonNode node, JsonNode unresolved, String level, Map<String, JsonNode> levels) {
    JsonNode schema = resolve(unresolved);
    if (node.isObject() && !schema.isMissingNode()) {
      if (schema.has("properties")) {
        levels.put(level, schema);
      }
      node.properties()
          .forEach(
              property ->
                  collect(
                      property.getValue(),
                      below(schema, property.getKey()),
                      level.isEmpty() ? property.getKey() : level + "." + property.getKey(),
                      levels));
    }
    if (node.isArray()) {
      node.forEach(element -> collect(element, schema.path("items"), level + "[]", levels));
    }
  }

  private static JsonNode below(JsonNode schema, String key) {
    JsonNode property = schema.path("properties").path(key);
    return property.isMissingNode() ? schema.path("additionalProperties") : property;
  }

  /** Whether a title stands at a property or behind its references. */
  static boolean isTitled(JsonNode schema) {
    return schema.has("title") || (schema.has("$ref") && isTitled(target(schema)));
  }

  private static JsonNode target(JsonNode reference) {
    return TEXT.at(reference.get("$ref").stringValue().substring(1));
  }

  /** Behind references, and in the branch that is for objects. */
  static JsonNode resolve(JsonNode schema) {
    if (schema.has("$ref")) {
      return resolve(target(schema));
    }
    if (schema.has("if") && !schema.has("properties")) {
      boolean forObjects = schema.path("if").path("type").asString("").equals("object");
      return resolve(schema.path(forObjects ? "then" : "else"));
    }
    return schema;
  }
}
