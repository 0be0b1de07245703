package org.clinisandbox.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;

/** What language a client wants its questions in. */
final class Languages {
  private static final int LONGEST = 500;

  private Languages() {}

  /** The ranges of Accept-Language, best first; none for a header that is absent or malformed. */
  static List<Locale.LanguageRange> of(HttpServletRequest request) {
    String header = request.getHeader("Accept-Language");
    if (header == null || header.isBlank() || header.length() > LONGEST) {
      return List.of();
    }
    try {
      return Locale.LanguageRange.parse(header);
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }
}
