package org.clinisandbox.negotiation;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A substance whose mass and amount can be turned into each other. Molar masses are from the
 * standard atomic weights (IUPAC 2021), except creatinine's: there 1 mg/dL is 88.4 umol/L, as
 * laboratories have it.
 *
 * @param molarMass in g/mol
 * @param charge of one ion, which is what equivalents count; 0 when nobody counts them
 * @param denominator whether a ratio is to this substance, as albumin to creatinine in urine
 * @param codes the LOINC codes that measure it
 */
record Analyte(Ratio molarMass, int charge, boolean denominator, List<String> codes) {
  private static final Ratio CREATININE = Ratio.of("10000").over(Ratio.of("88.4"));

  static final List<Analyte> ALL =
      List.of(
          new Analyte(
              CREATININE, 0, false, List.of("2160-0", "38483-4", "14682-9", "59826-8", "77140-2")),
          // Urine albumin to creatinine: mg/mmol × 8.84 = mg/g.
          new Analyte(CREATININE, 0, true, List.of("9318-7", "14959-1", "32294-1", "30000-4")),
          // Glucose.
          new Analyte(
              Ratio.of("180.156"),
              0,
              false,
              List.of(
                  "2345-7", "2339-0", "2340-8", "1558-6", "41653-7", "14749-6", "15074-8",
                  "14771-0")),
          // Urea nitrogen: two atoms for each molecule, so that moles are moles of urea.
          new Analyte(Ratio.of("28.014"), 0, false, List.of("3094-0", "6299-2", "14937-7")),
          // Bilirubin, total and direct.
          new Analyte(
              Ratio.of("584.67"),
              0,
              false,
              List.of("1975-2", "42719-5", "14631-6", "1968-7", "14629-0")),
          // Calcium, total.
          new Analyte(Ratio.of("40.078"), 2, false, List.of("17861-6", "49765-1", "2000-8")),
          // Phosphate, weighed as phosphorus.
          new Analyte(Ratio.of("30.974"), 0, false, List.of("2777-1", "14879-1")),
          // Cholesterol: total, HDL, LDL.
          new Analyte(
              Ratio.of("386.66"),
              0,
              false,
              List.of(
                  "2093-3", "14647-2", "2085-9", "14646-4", "13457-7", "2089-1", "18262-6",
                  "22748-8", "39469-2")),
          // Bicarbonate, sodium, potassium, chloride.
          new Analyte(Ratio.of("61.016"), 1, false, List.of("1963-8", "2028-9")),
          new Analyte(Ratio.of("22.990"), 1, false, List.of("2951-2", "2947-0")),
          new Analyte(Ratio.of("39.098"), 1, false, List.of("2823-3", "6298-4")),
          new Analyte(Ratio.of("35.45"), 1, false, List.of("2075-0", "2069-3")));

  /** The substance that these LOINC codes measure; null when none is known. */
  static @Nullable Analyte of(Collection<String> codes) {
    for (Analyte analyte : ALL) {
      if (codes.stream().anyMatch(analyte.codes::contains)) {
        return analyte;
      }
    }
    return null;
  }

  /** The factor between the bases of two dimensions; null when they have nothing to do here. */
  @Nullable Ratio factor(Dimension from, Dimension to) {
    Ratio there = inMass(from);
    Ratio back = inMass(to);
    return there == null || back == null ? null : there.over(back);
  }

  /** What a base unit is in mass: grams of this substance, or the inverse in a ratio to it. */
  private @Nullable Ratio inMass(Dimension dimension) {
    return switch (dimension) {
      case MASS_CONCENTRATION -> denominator ? null : Ratio.ONE;
      case SUBSTANCE_CONCENTRATION -> denominator ? null : molarMass;
      case CHARGE_CONCENTRATION ->
          charge == 0 ? null : molarMass.over(Ratio.of(Integer.toString(charge)));
      case FRACTION -> denominator ? Ratio.ONE : null;
      case MASS_PER_SUBSTANCE -> denominator ? Ratio.ONE.over(molarMass) : null;
      case TEMPERATURE,
          NUMBER_CONCENTRATION,
          CATALYTIC_CONCENTRATION,
          FREQUENCY,
          PRESSURE,
          FLOW,
          MASS,
          LENGTH,
          BODY_MASS_INDEX ->
          null;
    };
  }
}
