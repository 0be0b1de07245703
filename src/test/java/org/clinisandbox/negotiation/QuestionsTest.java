package org.clinisandbox.negotiation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.onlyGap;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.clinisandbox.registry.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are asked, in which language. */
class QuestionsTest {
  private static final Path FOLDER = Path.of("src/main/resources/org/clinisandbox/negotiation");
  private static final Manifest OWN =
      Given.needing("8310-5", "ask: { en: How warm?, de: Wie warm?, pt-BR: Quão quente? }");
  private static final Manifest PLAIN = Given.needing("8310-5", "unit: Cel, answered_by: nurse");

  private static String ask(Manifest manifest, String languages) {
    return Objects.requireNonNull(
        onlyGap(negotiate(manifest, Given.facts(null, List.of())))
            .ask(Locale.LanguageRange.parse(languages)));
  }

  private static Properties phrases(String suffix) throws Exception {
    Properties properties = new Properties();
    try (Reader reader =
        Files.newBufferedReader(FOLDER.resolve("questions" + suffix + ".properties"), UTF_8)) {
      properties.load(reader);
    }
    return properties;
  }

  @ParameterizedTest
  @CsvSource({
    "en, How warm?",
    "de, Wie warm?",
    "de-CH, Wie warm?",
    "'fr, de;q=0.5', Wie warm?",
    "'de;q=0.1, en;q=0.9', How warm?",
    "pt-BR, Quão quente?",
    "pt, How warm?",
    "ja, How warm?"
  })
  void a_models_own_question_is_put_in_the_language_that_is_liked_best(
      String languages, String question) {
    assertThat(ask(OWN, languages)).isEqualTo(question);
  }

  @Test
  void a_models_only_question_is_put_whatever_the_language() {
    assertThat(ask(Given.needing("8310-5", "ask: How warm?"), "fr")).isEqualTo("How warm?");
    assertThat(ask(Given.needing("8310-5", "ask: { es: ¿Calor? }"), "fr")).isEqualTo("¿Calor?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en|X: what is it now, in °C?",
        "de|X: Wie ist der Wert jetzt in °C?",
        "de-AT|X: Wie ist der Wert jetzt in °C?",
        "es-MX|X: ¿cuál es el valor ahora, en °C?",
        "fr|X : quelle est la valeur actuelle, en °C ?",
        "it, fr;q=0.2|X : quelle est la valeur actuelle, en °C ?",
        "ja|X: what is it now, in °C?",
        "*|X: what is it now, in °C?"
      })
  void the_plain_question_is_put_in_four_languages_and_else_in_english(
      String languages, String question) {
    assertThat(ask(PLAIN, languages)).isEqualTo(question);
  }

  @Test
  void the_machines_own_language_never_shows() {
    Locale machine = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(ask(PLAIN, "ja")).isEqualTo("X: what is it now, in °C?");
      assertThat(ask(PLAIN, "en")).isEqualTo("X: what is it now, in °C?");
    } finally {
      Locale.setDefault(machine);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"_de", "_es", "_fr"})
  void every_language_has_every_phrase_with_the_same_blanks(String suffix) throws Exception {
    Properties english = phrases("");
    Properties other = phrases(suffix);
    assertThat(other.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    for (String key : english.stringPropertyNames()) {
      assertThat(other.getProperty(key)).as(key).isNotBlank();
      assertThat(blanks(other.getProperty(key)))
          .as(key)
          .isEqualTo(blanks(english.getProperty(key)));
    }
  }

  private static Set<String> blanks(String phrase) {
    Set<String> blanks = new TreeSet<>();
    Pattern.compile("\\{\\d}")
        .matcher(phrase)
        .results()
        .map(MatchResult::group)
        .forEach(blanks::add);
    return blanks;
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de", "es", "fr"})
  void no_question_has_a_blank_left(String language) {
    Manifest all =
        Given.manifest(
            """
            required_patient: [age, sex, race]
            required_observations:
              - { name: now, code: "8310-5", unit: "L/min" }
              - { name: lab, code: "2160-0", unit: mg/dL, answered_by: lab }
              - { name: history, code: "718-7", count: 3, spacing: PT36H }
              - { name: a, code: "9318-7" }
              - { name: b, code: "67775-7",
                  coded: { allowed: [ { system: "http://a", code: a, value: alert },
                                      { system: "http://a", code: v, value: voice } ] } }
            required_conditions:
              - { name: ill, absent: ask, codes: [ { system: "http://a", code: i } ] }
            required_medications:
              - { name: pill, absent: ask, codes: [ { system: "http://a", code: p } ] }
            any_of: [ { name: one, inputs: [a, b] } ]
            """);
    List<Locale.LanguageRange> ranges = Locale.LanguageRange.parse(language);
    List<Gap> gaps = new Negotiator(all).everything();
    assertThat(gaps)
        .hasSize(9)
        .extracting(gap -> gap.ask(ranges))
        .doesNotHaveDuplicates()
        .allSatisfy(question -> assertThat(question).isNotBlank().doesNotContain("{", "null"));
    assertThat(String.valueOf(FhirAnswer.questionnaire(gaps, all, ranges)))
        .doesNotContain("{0}", "{1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/min|X: what is it now, in times per minute?",
        "{beats}/min|X: what is it now, in times per minute?",
        "10*9/L|X: what is it now, in ×10⁹/L?",
        "mmol/L|X: what is it now, in mmol/L?",
        "{score}|X: what is it now?",
        "1|X: what is it now?"
      })
  void units_are_written_as_people_write_them(String unit, String question) {
    assertThat(ask(Given.needing("8310-5", "unit: \"" + unit + "\""), "en")).isEqualTo(question);
  }

  @Test
  void choices_are_named_when_they_are_few() {
    String seven =
        "coded: { allowed: [ "
            + String.join(
                ", ",
                List.of("a", "b", "c", "d", "e", "f", "g").stream()
                    .map(c -> "{ system: \"http://a\", code: %s, value: %s }".formatted(c, c))
                    .toList())
            + " ] }";
    assertThat(ask(Given.needing("8310-5", seven), "en")).isEqualTo("X: what is it now?");
    assertThat(ask(Given.needing("8310-5", seven.replaceFirst(", \\{[^}]*code: g.*?}", "")), "de"))
        .isEqualTo("X: Wie ist der Wert jetzt (a, b, c, d, e oder f)?");
  }

  @Test
  void a_name_is_never_read_as_a_blank() {
    Manifest odd =
        Given.manifest(
            "required_observations: [ { name: x, display: \"{1} of {0}\", code: \"8310-5\", unit: Cel } ]");
    assertThat(ask(odd, "en")).isEqualTo("{1} of {0}: what is it now, in °C?");
  }
}
