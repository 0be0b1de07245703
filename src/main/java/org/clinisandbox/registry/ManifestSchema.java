package org.clinisandbox.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * The published JSON Schema (2020-12) of a full manifest, for editors and for vendors' own checks.
 * {@link ManifestReader} does not use it: it decides by itself, and knows more.
 */
public final class ManifestSchema {
  private static final String FILE = "manifest.schema.json";

  private ManifestSchema() {}

  /** The schema's text, JSON in UTF-8. */
  public static byte[] bytes() {
    try (InputStream file = ManifestSchema.class.getResourceAsStream(FILE)) {
      return Objects.requireNonNull(file, FILE).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
