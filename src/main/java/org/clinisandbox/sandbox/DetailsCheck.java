package org.clinisandbox.sandbox;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Checks a reply's details against the schema that the manifest gives for them. */
final class DetailsCheck {
  /** With the schema's own bound, this bounds the work that a reply can make. */
  private static final int MOST_VALUES = 10_000;

  /** Knows no other schema than the one it is given, and keeps none. */
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDialect(
          Dialects.getDraft202012(), registry -> registry.schemaCacheEnabled(false));

  private DetailsCheck() {}

  /**
   * What is wrong with the details; null when nothing is. It names a place in the schema, never one
   * in the reply, whose property names are the model's to choose.
   *
   * @param schema one that a manifest may have
   */
  static @Nullable String fault(JsonNode schema, JsonNode details) {
    if (values(details) > MOST_VALUES) {
      return "its details have more than " + MOST_VALUES + " values, too many to check";
    }
    Schema compiled = SCHEMAS.getSchema(schema);
    List<Error> errors =
        compiled.validate(details, context -> context.executionConfig(c -> c.failFast(true)));
    return errors.isEmpty()
        ? null
        : "its details do not fit output.schema at "
            + errors.getFirst().getSchemaLocation().getFragment();
  }

  private static int values(JsonNode node) {
    int values = 1;
    for (JsonNode child : node) {
      values += values(child);
    }
    return values;
  }
}
