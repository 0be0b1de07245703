package org.clinisandbox.registry;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** YAML into a tree, without the parts of YAML that surprise people or exhaust memory. */
final class ManifestYaml {
  private static final int MOST_BYTES = 1 << 20;

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private ManifestYaml() {}

  static JsonNode parse(byte[] yaml) {
    if (yaml.length > MOST_BYTES) {
      throw new MalformedManifestException("The manifest is bigger than 1 MiB.");
    }
    try {
      refuseAliases(yaml);
      return MAPPER.readTree(yaml);
    } catch (JacksonException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " at line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr();
      throw new MalformedManifestException(
          "The manifest is not sound YAML" + where + ": " + firstLine(e.getOriginalMessage()));
    }
  }

  /** An alias would be read as the text of its name. */
  private static void refuseAliases(byte[] yaml) {
    try (YAMLParser parser = (YAMLParser) MAPPER.createParser(yaml)) {
      while (parser.nextToken() != null) {
        if (parser.isCurrentAlias()) {
          throw new MalformedManifestException(
              "The manifest has a YAML alias at line "
                  + parser.currentTokenLocation().getLineNr()
                  + ": write the value out.");
        }
      }
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
