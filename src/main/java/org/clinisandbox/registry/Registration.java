package org.clinisandbox.registry;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A row of the registry. */
public sealed interface Registration {
  UUID id();

  String key();

  String version();

  String name();

  State state();

  /** Where a version stands. */
  enum State {
    /** Registered, not yet tried. */
    DRAFT,
    /** Used. */
    ACTIVE,
    /** Not used for new jobs. */
    RETIRED;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A model that can be asked.
   *
   * @param origin how it came: {@code sample}, {@code api} or {@code sql}
   * @param digest of its image; null until a worker pinned it, and for the mock
   * @param document the manifest as registered, without key, version, name and image
   */
  record Model(
      UUID id,
      Manifest manifest,
      State state,
      String origin,
      @Nullable String digest,
      @Nullable BigDecimal accuracy,
      JsonNode document)
      implements Registration {
    @Override
    public String key() {
      return manifest.key();
    }

    @Override
    public String version() {
      return manifest.version();
    }

    @Override
    public String name() {
      return manifest.name();
    }
  }

  /**
   * A row that is not a manifest, which only SQL can make.
   *
   * @param reason every mistake with its place
   */
  record Invalid(UUID id, String key, String version, String name, State state, String reason)
      implements Registration {}
}
