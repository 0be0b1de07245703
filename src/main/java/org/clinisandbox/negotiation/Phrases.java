package org.clinisandbox.negotiation;

import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The product's own sentences to people, in the languages that it speaks. */
final class Phrases {
  private static final List<Locale> SPOKEN =
      List.of(Locale.ENGLISH, Locale.GERMAN, Locale.of("es"), Locale.FRENCH);
  private static final Pattern BLANK = Pattern.compile("\\{(\\d)}");
  private static final ResourceBundle.Control NO_FALLBACK =
      ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

  private final ResourceBundle bundle;

  /**
   * @param languages ranges by RFC 4647; English when it speaks none of them
   */
  Phrases(List<Locale.LanguageRange> languages) {
    Locale best = Locale.lookup(languages, SPOKEN);
    this.bundle =
        ResourceBundle.getBundle(
            "org.clinisandbox.negotiation.questions",
            best == null || best.equals(Locale.ENGLISH) ? Locale.ROOT : best,
            NO_FALLBACK);
  }

  /** The phrase, with {@code {0}}, {@code {1}} and so on filled in. */
  String get(String key, Object... fillings) {
    // In one pass: a filling may itself hold what looks like a blank.
    return BLANK
        .matcher(bundle.getString(key))
        .replaceAll(
            blank ->
                Matcher.quoteReplacement(
                    String.valueOf(fillings[Integer.parseInt(blank.group(1))])));
  }
}
