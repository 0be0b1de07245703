package org.clinisandbox.registry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A sentence for people, perhaps in several languages.
 *
 * @param byLanguage whoever understands none of them is given English or, without English, the
 *     first; their order in the manifest would not do, for the database does not keep it. A text of
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
    String otherwise =
        byLanguage.getOrDefault(Locale.ENGLISH, byLanguage.values().iterator().next());
    Locale best = Locale.lookup(ranges, byLanguage.keySet());
    return best == null ? otherwise : byLanguage.getOrDefault(best, otherwise);
  }
}
