package org.clinisandbox.registry;

import java.util.List;

/** What came of reading a manifest. */
public sealed interface ManifestReading {
  /** It is sound. */
  record Read(Manifest manifest) implements ManifestReading {}

  /** It is not; every mistake that was found; never empty. */
  record Refused(List<Mistake> mistakes) implements ManifestReading {
    public Refused {
      mistakes = List.copyOf(mistakes);
    }
  }
}
