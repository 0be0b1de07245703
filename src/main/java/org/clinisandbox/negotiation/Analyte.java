package org.clinisandbox.negotiation;

import static java.util.stream.Collectors.toUnmodifiableMap;
import static org.clinisandbox.negotiation.Dimension.*;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A substance whose mass, amount and charge can be turned into each other. Molar masses are from
 * the standard atomic weights (IUPAC 2021, abridged), except creatinine's: there 1 mg/dL is 88.4
 * umol/L, as laboratories have it.
 *
 * @param name for people
 * @param perMole what one mole is in the base of each dimension that the substance is reported in
 * @param codes the LOINC codes that measure it
 */
record Analyte(String name, Map<Dimension, Ratio> perMole, List<String> codes) {
  private static final Ratio CREATININE = Ratio.of("10000").over(Ratio.of("88.4"));

  static final List<Analyte> ALL =
      List.of(
          new Analyte(
              "creatinine",
              Map.of(MASS_CONCENTRATION, CREATININE, SUBSTANCE_CONCENTRATION, Ratio.ONE),
              List.of("2160-0", "38483-4", "14682-9", "59826-8", "77140-2", "2161-8", "14683-7")),
          // Albumin or protein by creatinine: g/mol per mole of it; mg/mmol × 8.84 = mg/g.
          new Analyte(
              "urine protein to creatinine",
              Map.of(FRACTION, Ratio.ONE, MASS_PER_SUBSTANCE, CREATININE),
              List.of("9318-7", "14959-1", "32294-1", "30000-4", "2890-2", "34366-5")),
          substance(
              "glucose", "180.156", "2345-7", "2339-0", "2340-8", "1558-6", "41653-7", "14749-6",
              "15074-8", "14771-0", "14743-9", "76629-5", "77135-2", "2344-0", "2350-7"),
          // Two atoms for each molecule, so that moles are moles of urea.
          substance("urea nitrogen", "28.014", "3094-0", "6299-2", "14937-7", "59570-2", "12962-7"),
          substance("urea", "60.056", "3091-6", "22664-7"),
          // All forms weighed as unconjugated bilirubin.
          substance(
              "bilirubin",
              "584.673",
              "1975-2",
              "42719-5",
              "14631-6",
              "77137-8",
              "1968-7",
              "14629-0",
              "1971-1",
              "14630-8"),
          substance(
              "cholesterol",
              "386.664",
              "2093-3",
              "14647-2",
              "2085-9",
              "14646-4",
              "13457-7",
              "2089-1",
              "18262-6",
              "22748-8",
              "39469-2",
              "13458-5",
              "25371-6",
              "43396-1",
              "70204-3"),
          // Weighed as triolein.
          substance("triglyceride", "885.453", "2571-8", "14927-8", "3043-7", "70218-3"),
          substance("urate", "168.112", "3084-1", "14933-6"),
          // Weighed as lactic acid.
          substance("lactate", "90.078", "2524-7", "14118-4", "32693-4", "2518-9"),
          // Weighed as phosphorus.
          substance("phosphate", "30.974", "2777-1", "14879-1", "13539-2"),
          // The metal, and the capacity to bind it.
          substance("iron", "55.845", "2498-4", "14798-3", "2500-7", "14800-7"),
          substance("thyroxine", "776.874", "3024-7", "14920-3", "3026-2", "14921-1"),
          substance("triiodothyronine", "650.977", "3051-0", "14928-6"),
          substance("cortisol", "362.466", "2143-6", "14675-3"),
          substance("testosterone", "288.431", "2986-8", "14913-8"),
          substance("estradiol", "272.388", "2243-4", "14715-7"),
          substance("cobalamin", "1355.388", "2132-9", "14685-2"),
          substance("folate", "441.404", "2284-8", "14732-2"),
          substance("digoxin", "780.949", "10535-3", "14698-5"),
          ion("calcium", "40.078", 2, "17861-6", "49765-1", "2000-8", "1994-3", "1995-0", "2004-0"),
          ion("magnesium", "24.305", 2, "19123-9", "2601-3", "21377-7", "2598-1"),
          ion(
              "bicarbonate",
              "61.016",
              1,
              "1963-8",
              "1959-6",
              "1960-4",
              "1961-2",
              "1962-0",
              "14627-4"),
          // Dissolved gas and bicarbonate together: countable, not weighable.
          new Analyte(
              "carbon dioxide",
              Map.of(SUBSTANCE_CONCENTRATION, Ratio.ONE, CHARGE_CONCENTRATION, Ratio.ONE),
              List.of("2028-9", "20565-8")),
          ion("sodium", "22.990", 1, "2951-2", "2947-0", "77139-4", "39792-7", "32717-1"),
          ion("potassium", "39.098", 1, "2823-3", "6298-4", "39790-1", "32713-0"),
          ion("chloride", "35.45", 1, "2075-0", "2069-3", "51590-8", "41650-3"),
          ion("lithium", "6.94", 1, "14334-7"));

  private static final Map<String, Analyte> BY_CODE =
      ALL.stream()
          .flatMap(analyte -> analyte.codes.stream().map(code -> Map.entry(code, analyte)))
          .collect(toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private static Analyte substance(String name, String molarMass, String... codes) {
    return new Analyte(
        name,
        Map.of(MASS_CONCENTRATION, Ratio.of(molarMass), SUBSTANCE_CONCENTRATION, Ratio.ONE),
        List.of(codes));
  }

  private static Analyte ion(String name, String molarMass, int charge, String... codes) {
    return new Analyte(
        name,
        Map.of(
            MASS_CONCENTRATION, Ratio.of(molarMass),
            SUBSTANCE_CONCENTRATION, Ratio.ONE,
            CHARGE_CONCENTRATION, Ratio.of(Integer.toString(charge))),
        List.of(codes));
  }

  /**
   * The substance that these LOINC codes measure; null when none is known. Of codes that name
   * several only what holds for all is kept: urea and urea nitrogen share no mass, bicarbonate and
   * carbon dioxide share their charge.
   */
  static @Nullable Analyte of(Collection<String> codes) {
    Analyte found = null;
    for (String code : codes) {
      Analyte analyte = BY_CODE.get(code);
      if (analyte != null) {
        found = found == null || found.equals(analyte) ? analyte : found.and(analyte);
      }
    }
    return found;
  }

  private Analyte and(Analyte other) {
    Map<Dimension, Ratio> shared = new EnumMap<>(perMole);
    shared.entrySet().removeIf(mine -> !other.agreesOn(mine.getKey(), mine.getValue()));
    return new Analyte(name + " and " + other.name, shared, List.of());
  }

  private boolean agreesOn(Dimension dimension, Ratio theirs) {
    Ratio mine = perMole.get(dimension);
    return mine != null && mine.sameAs(theirs);
  }

  /** The factor between the bases of two dimensions; null when they have nothing to do here. */
  @Nullable Ratio factor(Dimension from, Dimension to) {
    Ratio source = perMole.get(from);
    Ratio target = perMole.get(to);
    return source == null || target == null ? null : target.over(source);
  }
}
