package org.clinisandbox.registry;

import java.util.List;
import java.util.stream.Collectors;

/** What came of reading a manifest. */
public sealed interface ManifestReading {
  /** It is sound. */
  record Read(Manifest manifest) implements ManifestReading {}

  /** It is not; every mistake that was found; never empty. */
  record Refused(List<Mistake> mistakes) implements ManifestReading {
    public Refused {
      mistakes = List.copyOf(mistakes);
    }

    /** All of them on one line, each behind its place. */
    public String sentence() {
      return mistakes.stream()
          .map(m -> m.path().isEmpty() ? m.message() : m.path() + ": " + m.message())
          .collect(Collectors.joining("; "));
    }
  }
}
