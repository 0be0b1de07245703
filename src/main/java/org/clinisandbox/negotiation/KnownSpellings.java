package org.clinisandbox.negotiation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The spellings that records have for the units of the table, by simplified spelling. A code may be
 * written all small, and in capitals where UCUM reads nothing else in that: MG is a megagauss.
 */
final class KnownSpellings {
  /** The UCUM code, then what stands for it: as it stands, all small, and in capitals. */
  private static final String WORDS =
      """
      Cel °C ℃ degC °Cel celsius degreesC degreesCelsius degreeCelsius
      [degF] °F ℉ degF fahrenheit degreesF degreesFahrenheit degreeFahrenheit
      /min bpm beats/min beats/minute beat/min breaths/min breaths/minute breath/min /minute
      /min 1/min perminute brpm
      mm[Hg] mmHg
      cm[H2O] cmH2O
      % percent pct
      [pH] pHunits
      L/min lpm liters/min litres/min liter/min litre/min
      s sec secs second seconds
      min mins minute minutes
      h hr hrs hour hours
      d day days
      wk week weeks
      mo month months
      a yr yrs year years
      mL cc
      meq/L mEq/L
      g/dL gm/dL gms/dL
      [IU]/L IU/L
      m[IU]/L mIU/L
      k[IU]/L kIU/L
      [IU]/mL IU/mL
      m[IU]/mL mIU/mL
      u[IU]/mL uIU/mL
      k[IU]/mL kIU/mL
      U/L unit/L units/L
      10*3/uL K/uL thou/uL thous/uL thousand/uL thousands/uL K/mm3 K/cumm
      10*3/mm3 10*3/cumm
      10*6/uL M/uL mil/uL mill/uL million/uL millions/uL
      10*6/mm3 10*6/cumm
      /uL cells/uL cell/uL cells/mm3 /cumm /cmm
      mg/g mg/gcreat mg/gcreatinine mg/gcr
      ug/mg ug/mgcreat ug/mgcreatinine
      mg/mmol mg/mmolcreat mg/mmolcreatinine
      mL/min/{1.73_m2} mL/min/1.73m2 mL/min/1.73_m2 mL/min/1.73sqm
      mm/h mm/hr mm/hour mm/1hr
      mosm/kg mosmol/kg mosm/kgH2O mosmol/kgH2O
      [lb_av] lb lbs pound pounds
      [oz_av] oz ounce ounces
      kg kgs kilogram kilograms
      [in_i] in inch inches
      [ft_i] feet foot
      """;

  /** A word long enough to be one: with a capital first, a shorter one could be in mega. */
  private static final Pattern WRITTEN_OUT = Pattern.compile("(?!mosm)[a-z]{5}");

  /** Codes that may stand in capitals. */
  private static final Set<String> CAPITALS =
      Set.of(
          split(
              """
              CEL [DEGF] MG/DL G/DL UG/DL NG/DL UG/L NG/L UG/ML NG/ML MMOL/L UMOL/L NMOL/L PMOL/L
              MEQ/L MOSM/KG U/L /UL 10*3/UL 10*6/UL 10*9/L 10*12/L /MIN ML/MIN L/MIN MM[HG] KPA KG
              CM KG/M2 FL NG UG MIN MG/KG MG/MMOL UG/MG
              """));

  /** Forms that would mean daltons, metres, hectoroentgens, or several things. */
  private static final Set<String> REFUSED =
      Set.of(
          "u/L", "u/dL", "u/mL", "mu/L", "mu/mL", "ku/L", "ku/mL", "uu/L", "uu/mL", "m/uL", "YR",
          "k");

  /**
   * What has another meaning as a code (coulomb, farad, femtotonne, picohenry, petagauss, dalton)
   * but never as a text.
   */
  static final Map<String, String> BY_TEXT =
      Map.ofEntries(
          Map.entry("C", "Cel"),
          Map.entry("c", "Cel"),
          Map.entry("f", "[degF]"),
          Map.entry("F", "[degF]"),
          Map.entry("ft", "[ft_i]"),
          Map.entry("pH", "[pH]"),
          Map.entry("PH", "[pH]"),
          Map.entry("{pH}", "[pH]"),
          Map.entry("PG", "pg"),
          Map.entry("PG/ML", "pg/mL"),
          Map.entry("u/L", "U/L"),
          Map.entry("u/mL", "U/mL"),
          Map.entry("mu/L", "mU/L"),
          Map.entry("mu/mL", "mU/mL"));

  static final Map<String, String> BY_SPELLING = all();

  private KnownSpellings() {}

  private static Map<String, String> all() {
    Map<String, String> all = new HashMap<>(UnitTable.BY_CODE.size() * 8);
    for (String code : new TreeSet<>(UnitTable.BY_CODE.keySet())) {
      add(all, code, code);
      add(all, code.toLowerCase(Locale.ROOT), code);
      String capitals = code.toUpperCase(Locale.ROOT);
      if (CAPITALS.contains(capitals)) {
        add(all, capitals, code);
      }
    }
    WORDS.lines().map(KnownSpellings::split).forEach(words -> addWords(all, words));
    return Map.copyOf(all);
  }

  private static void addWords(Map<String, String> all, String[] words) {
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      add(all, word, words[0]);
      add(all, word.toLowerCase(Locale.ROOT), words[0]);
      add(all, word.toUpperCase(Locale.ROOT), words[0]);
      if (WRITTEN_OUT.matcher(word).lookingAt()) {
        add(all, word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1), words[0]);
      }
    }
  }

  private static void add(Map<String, String> all, String form, String code) {
    String simple = UnitSpellings.simplify(form);
    if (REFUSED.contains(simple)) {
      return;
    }
    String before = all.putIfAbsent(simple, code);
    if (before != null && !Units.same(before, code)) {
      throw new IllegalStateException(simple + " stands for both " + before + " and " + code);
    }
  }

  private static String[] split(String words) {
    return words.strip().split("\\s+", -1);
  }
}
