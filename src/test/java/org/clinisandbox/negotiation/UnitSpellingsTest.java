package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fhir.ucum.BaseUnit;
import org.fhir.ucum.Decimal;
import org.fhir.ucum.DefinedUnit;
import org.fhir.ucum.Prefix;
import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spellings against UCUM: none may take a valid code's meaning away. */
class UnitSpellingsTest {
  /** Kelvin by volume, which nobody measures. */
  private static final Set<String> THOUSANDS =
      Set.of("K/uL", "K/ul", "K/mm3", "K/MM3", "k/ul", "k/mm3");

  private static UcumEssenceService ucum;

  @BeforeAll
  static void load() throws UcumException {
    ucum =
        new UcumEssenceService(UcumEssenceService.class.getResourceAsStream("/ucum-essence.xml"));
  }

  @Test
  void every_spelling_stands_for_a_unit_of_the_table() {
    Map<String, String> all = new HashMap<>(KnownSpellings.BY_SPELLING);
    all.putAll(KnownSpellings.BY_TEXT);
    assertThat(all).hasSizeGreaterThan(600);
    all.forEach(
        (spelling, code) -> {
          assertThat(Units.isKnown(code)).as(spelling).isTrue();
          assertThat(UnitSpellings.ofText(spelling)).as(spelling).isEqualTo(code);
        });
  }

  @Test
  void a_code_of_the_table_stands_for_itself() {
    for (String code : UnitTable.BY_CODE.keySet()) {
      assertThat(UnitSpellings.ofCode(code)).isEqualTo(code);
      assertThat(UnitSpellings.ofText(code)).isEqualTo(code);
    }
  }

  @Test
  void a_valid_ucum_code_keeps_its_meaning() {
    Set<String> candidates = new LinkedHashSet<>(units());
    KnownSpellings.BY_SPELLING
        .keySet()
        .forEach(spelling -> candidates.addAll(caseVariants(spelling)));
    UnitTable.BY_CODE.keySet().forEach(code -> candidates.addAll(caseVariants(code)));
    Set<String> twisted = new TreeSet<>();
    int valid = 0;
    for (String candidate : candidates) {
      String code = UnitSpellings.ofCode(candidate);
      if (ucum.validate(candidate) == null) {
        valid++;
        if (code != null && !THOUSANDS.contains(candidate) && !sameMeaning(candidate, code)) {
          twisted.add(candidate + " as " + code);
        }
      }
    }
    assertThat(valid).isGreaterThan(3000);
    assertThat(twisted).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "C, Cel",
    "F, [degF]",
    "ft, [ft_i]",
    "pH, [pH]",
    "{pH}, [pH]",
    "PG/ML, pg/mL",
    "u/l, U/L",
    "mu/mL, mU/mL"
  })
  void what_is_another_unit_as_a_code_may_be_plain_as_a_text(String text, String code) {
    assertThat(UnitSpellings.ofText(text)).isEqualTo(code);
    assertThat(UnitSpellings.ofCode(text)).isNotEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "U",
        "IU",
        "MM",
        "M",
        "Mg",
        "MG",
        "Mg/dL",
        "mg/Dl",
        "G/L",
        "T/L",
        "Gpt/L",
        "m/uL",
        "M/mm3",
        "MM/uL",
        "Mmol/L",
        "Meq/L",
        "ML",
        "S",
        "H",
        "G",
        "A",
        "k",
        "10 3/uL",
        "103/uL",
        "units",
        "mmol/mol",
        "FEU",
        "ratio",
        "g/100"
      })
  void what_could_mean_several_things_means_nothing(String text) {
    assertThat(UnitSpellings.ofText(text)).isNull();
    assertThat(UnitSpellings.ofCode(text)).isNull();
  }

  @Test
  void milli_and_mega_are_never_confused() {
    UnitTable.BY_CODE.keySet().stream()
        .filter(code -> code.startsWith("m") && code.length() > 1)
        .map(code -> "M" + code.substring(1))
        .forEach(
            mega -> {
              assertThat(UnitSpellings.ofText(mega)).as(mega).isNull();
              assertThat(UnitSpellings.ofCode(mega)).as(mega).isNull();
            });
  }

  @Test
  void annotations_are_dropped_unless_they_are_known() {
    assertThat(UnitSpellings.ofCode("{beats}/min")).isEqualTo("{beats}/min");
    assertThat(UnitSpellings.ofCode("{Mary Smith}/min")).isEqualTo("/min");
    assertThat(UnitSpellings.ofCode("10*3{cells}/uL")).isEqualTo("10*3/uL");
    assertThat(UnitSpellings.ofCode("{Mary}")).isEqualTo("{#}");
    assertThat(UnitSpellings.ofText("mg/g{creat}")).isEqualTo("mg/g");
  }

  /** Every unit of UCUM, alone and, where it takes one, with each prefix. */
  private static Set<String> units() {
    Set<String> codes = new HashSet<>();
    List<String> prefixes = ucum.getModel().getPrefixes().stream().map(Prefix::getCode).toList();
    Stream<String> metric =
        Stream.concat(
            ucum.getModel().getBaseUnits().stream().map(BaseUnit::getCode),
            ucum.getModel().getDefinedUnits().stream()
                .filter(DefinedUnit::isMetric)
                .map(DefinedUnit::getCode));
    metric.forEach(unit -> prefixes.forEach(prefix -> codes.add(prefix + unit)));
    ucum.getModel().getBaseUnits().forEach(unit -> codes.add(unit.getCode()));
    ucum.getModel().getDefinedUnits().forEach(unit -> codes.add(unit.getCode()));
    return codes;
  }

  /** All ways to put capitals into the first ten letters. */
  private static List<String> caseVariants(String text) {
    List<String> variants = new ArrayList<>(List.of(""));
    int letters = 0;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      boolean both = Character.isLetter(each) && letters++ < 10;
      List<String> longer = new ArrayList<>();
      for (String variant : variants) {
        longer.add(variant + (both ? Character.toLowerCase(each) : each));
        if (both) {
          longer.add(variant + Character.toUpperCase(each));
        }
      }
      variants = longer;
    }
    return variants;
  }

  private static boolean sameMeaning(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    try {
      return new BigDecimal(ucum.convert(new Decimal("1", 20), one, other).asDecimal())
              .compareTo(BigDecimal.ONE)
          == 0;
    } catch (UcumException e) {
      return false;
    }
  }
}
