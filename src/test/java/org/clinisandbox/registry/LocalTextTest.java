package org.clinisandbox.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalTextTest {
  private static final LocalText GERMAN_FIRST = text("de", "en");

  /** The same texts as their language tags, in this order. */
  private static LocalText text(String... tags) {
    Map<Locale, String> texts = new LinkedHashMap<>();
    for (String tag : tags) {
      texts.put(Locale.forLanguageTag(tag), tag);
    }
    return new LocalText(texts);
  }

  private static List<Locale.LanguageRange> ranges(String header) {
    return Locale.LanguageRange.parse(header);
  }

  @Test
  void a_text_is_given_in_the_language_that_is_liked_best() {
    assertThat(GERMAN_FIRST.in(ranges("fr, de-CH;q=0.8, en;q=0.5"))).isEqualTo("de");
    assertThat(GERMAN_FIRST.in(ranges("en-GB"))).isEqualTo("en");
  }

  @Test
  void whoever_likes_none_of_the_languages_is_given_english_wherever_it_stands() {
    assertThat(GERMAN_FIRST.in(List.of())).isEqualTo("en");
    assertThat(GERMAN_FIRST.in(ranges("fr"))).isEqualTo("en");
  }

  @Test
  void without_english_it_is_the_first() {
    assertThat(text("fr", "de").in(ranges("es"))).isEqualTo("fr");
  }
}
