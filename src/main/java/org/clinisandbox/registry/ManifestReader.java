package org.clinisandbox.registry;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads manifests, in either of two forms: the full manifest, or the columns of the table {@code
 * diagnostic_models}, where {@code required_fhir_resources} holds everything but key, version, name
 * and image. In a row an observation needs only its code: its name comes from its display, or else
 * from the code. Unknown keys are mistakes, and all mistakes are reported at once.
 */
public final class ManifestReader {
  private static final String IMAGE_COLUMN = "docker_image_path";
  private static final String REST_COLUMN = "required_fhir_resources";

  private ManifestReader() {}

  /**
   * Parses a manifest written in YAML, of which JSON is a part.
   *
   * @param yaml UTF-8, at most 1 MiB, one document without anchors and aliases
   * @throws MalformedManifestException when it is not such a document; names line and column
   */
  public static JsonNode fromYaml(byte[] yaml) {
    return ManifestYaml.parse(yaml);
  }

  /** Reads a document in either form. */
  public static ManifestReading read(JsonNode document) {
    List<Mistake> mistakes = new ArrayList<>();
    Fields root = new Fields(document, "", mistakes);
    return isColumnForm(document) ? readColumns(root, mistakes) : readFull(root, mistakes);
  }

  /**
   * Reads a row of {@code diagnostic_models}. Paths of mistakes name the columns, as {@code
   * docker_image_path} or {@code required_fhir_resources.required_observations[0].code}.
   */
  public static ManifestReading readRow(
      String key, String version, String name, String image, JsonNode requiredFhirResources) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("key", key).put("version", version).put("name", name).put(IMAGE_COLUMN, image);
    row.set(REST_COLUMN, requiredFhirResources);
    List<Mistake> mistakes = new ArrayList<>();
    return readColumns(new Fields(row, "", mistakes), mistakes);
  }

  /**
   * Lays a document out in columns, such that {@link #readRow} of them gives the same manifest.
   *
   * @param document one that {@link #read} accepts
   */
  public static ModelRow toRow(JsonNode document) {
    if (isColumnForm(document)) {
      JsonNode id = document.path("id");
      return row(
          document,
          IMAGE_COLUMN,
          id.isString() ? id.stringValue() : null,
          document.path("accuracy").isNumber() ? document.path("accuracy").decimalValue() : null,
          document.path(REST_COLUMN).deepCopy());
    }
    ObjectNode rest = document.asObject().deepCopy();
    rest.remove(List.of("key", "version", "name", "image"));
    return row(document, "image", null, null, rest);
  }

  private static ModelRow row(
      JsonNode document,
      String imageKey,
      @Nullable String id,
      @Nullable BigDecimal accuracy,
      JsonNode rest) {
    return new ModelRow(
        id,
        document.path("key").asString(),
        document.path("version").asString(),
        document.path("name").asString(),
        document.path(imageKey).asString(),
        accuracy,
        rest);
  }

  private static boolean isColumnForm(JsonNode document) {
    return document.has(IMAGE_COLUMN) || document.has(REST_COLUMN);
  }

  private static ManifestReading readFull(Fields root, List<Mistake> mistakes) {
    Head head = Head.read(root, "image");
    Manifest manifest = new ManifestBody(root, false).read(head);
    root.refuseOthers();
    return result(manifest, mistakes);
  }

  private static ManifestReading readColumns(Fields root, List<Mistake> mistakes) {
    Head head = Head.read(root, IMAGE_COLUMN);
    root.text("id", Syntax.UUID);
    BigDecimal accuracy = root.number("accuracy");
    if (accuracy != null && !PROBABILITY.contains(accuracy)) {
      root.mistake("accuracy", "must be between 0 and 1");
    }
    Fields rest = root.object(REST_COLUMN);
    if (rest == null) {
      root.mistake(REST_COLUMN, "is missing");
      rest = new Fields(JsonNodeFactory.instance.objectNode(), REST_COLUMN, mistakes);
    }
    Manifest manifest = new ManifestBody(rest, true).read(head);
    rest.refuseOthers();
    root.refuseOthers();
    return result(manifest, mistakes);
  }

  private static final Requirement.Range PROBABILITY =
      new Requirement.Range(BigDecimal.ZERO, BigDecimal.ONE);

  private static ManifestReading result(Manifest manifest, List<Mistake> mistakes) {
    return mistakes.isEmpty()
        ? new ManifestReading.Read(manifest)
        : new ManifestReading.Refused(mistakes);
  }

  /** The four text columns. */
  record Head(String key, String version, String name, String image) {
    static Head read(Fields fields, String imageKey) {
      return new Head(
          fields.requiredText("key", Syntax.KEY),
          fields.requiredText("version", Syntax.VERSION),
          fields.requiredText("name", Syntax.TITLE),
          fields.requiredText(imageKey, Syntax.IMAGE));
    }

    /** Whether its program comes with a file system of its own. */
    boolean isContainer() {
      return image.startsWith("oci:");
    }

    /** Whether no program stands behind this model. */
    boolean isMock() {
      return image.startsWith("mock/");
    }
  }
}
