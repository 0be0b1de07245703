package org.clinisandbox.registry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sentence for people, perhaps in several languages.
 *
 * @param byLanguage whoever understands none of them gets English, or else the first; a text of
 *     which the manifest names no language stands under {@link Locale#ROOT}
 */
public record LocalText(Map<Locale, String> byLanguage) {
  public LocalText {
    if (byLanguage.isEmpty()) {
      throw new IllegalArgumentException("a text has at least one language");
    }
    byLanguage = Collections.unmodifiableMap(new LinkedHashMap<>(byLanguage));
  }

  /** The text in the language that these ranges (RFC 4647) like best. */
  public String in(List<Locale.LanguageRange> ranges) {
    @Nullable Locale best = Locale.lookup(ranges, byLanguage.keySet());
    @Nullable String text = byLanguage.get(best == null ? Locale.ENGLISH : best);
    return text == null ? byLanguage.values().iterator().next() : text;
  }
}
