package org.clinisandbox.negotiation;

import static java.util.Map.entry;
import static org.clinisandbox.negotiation.Dimension.*;

import java.math.BigDecimal;
import java.util.Map;

/**
 * The units that can be converted, by UCUM code. Factors are UCUM's (The Unified Code for Units of
 * Measure, version 2.1), except that {@code [IU]/L} counts as {@code U/L}: laboratories write one
 * for the other.
 *
 * <p>{@code mmol/mol} is left out on purpose. UCUM would turn an HbA1c of 48 mmol/mol into 4.8 %,
 * where the clinical (NGSP) value is 6.5 %.
 */
final class UnitTable {
  private UnitTable() {}

  /** A unit: base value = (number + offset) × factor. */
  record Unit(Dimension dimension, BigDecimal offset, Ratio factor) {}

  static final Map<String, Unit> BY_CODE =
      Map.ofEntries(
          entry("K", unit(TEMPERATURE, "1")),
          entry("Cel", new Unit(TEMPERATURE, new BigDecimal("273.15"), Ratio.ONE)),
          entry(
              "[degF]",
              new Unit(
                  TEMPERATURE,
                  new BigDecimal("459.67"),
                  new Ratio(BigDecimal.valueOf(5), BigDecimal.valueOf(9)))),
          entry("g/L", unit(MASS_CONCENTRATION, "1")),
          entry("g/dL", unit(MASS_CONCENTRATION, "10")),
          entry("mg/mL", unit(MASS_CONCENTRATION, "1")),
          entry("mg/dL", unit(MASS_CONCENTRATION, "0.01")),
          entry("mg/L", unit(MASS_CONCENTRATION, "1e-3")),
          entry("ug/mL", unit(MASS_CONCENTRATION, "1e-3")),
          entry("ug/dL", unit(MASS_CONCENTRATION, "1e-5")),
          entry("ug/L", unit(MASS_CONCENTRATION, "1e-6")),
          entry("ng/mL", unit(MASS_CONCENTRATION, "1e-6")),
          entry("ng/dL", unit(MASS_CONCENTRATION, "1e-8")),
          entry("ng/L", unit(MASS_CONCENTRATION, "1e-9")),
          entry("pg/mL", unit(MASS_CONCENTRATION, "1e-9")),
          entry("mol/L", unit(SUBSTANCE_CONCENTRATION, "1")),
          entry("mmol/L", unit(SUBSTANCE_CONCENTRATION, "1e-3")),
          entry("umol/L", unit(SUBSTANCE_CONCENTRATION, "1e-6")),
          entry("nmol/L", unit(SUBSTANCE_CONCENTRATION, "1e-9")),
          entry("pmol/L", unit(SUBSTANCE_CONCENTRATION, "1e-12")),
          entry("eq/L", unit(CHARGE_CONCENTRATION, "1")),
          entry("meq/L", unit(CHARGE_CONCENTRATION, "1e-3")),
          entry("/L", unit(NUMBER_CONCENTRATION, "1")),
          entry("/mL", unit(NUMBER_CONCENTRATION, "1e3")),
          entry("/uL", unit(NUMBER_CONCENTRATION, "1e6")),
          entry("/mm3", unit(NUMBER_CONCENTRATION, "1e6")),
          entry("10*3/mL", unit(NUMBER_CONCENTRATION, "1e6")),
          entry("10*6/mL", unit(NUMBER_CONCENTRATION, "1e9")),
          entry("10*3/uL", unit(NUMBER_CONCENTRATION, "1e9")),
          entry("10*3/mm3", unit(NUMBER_CONCENTRATION, "1e9")),
          entry("10*6/uL", unit(NUMBER_CONCENTRATION, "1e12")),
          entry("10*6/mm3", unit(NUMBER_CONCENTRATION, "1e12")),
          entry("10*6/L", unit(NUMBER_CONCENTRATION, "1e6")),
          entry("10*9/L", unit(NUMBER_CONCENTRATION, "1e9")),
          entry("10*12/L", unit(NUMBER_CONCENTRATION, "1e12")),
          entry("U/L", unit(CATALYTIC_CONCENTRATION, "1")),
          entry("[IU]/L", unit(CATALYTIC_CONCENTRATION, "1")),
          entry("[iU]/L", unit(CATALYTIC_CONCENTRATION, "1")),
          entry("U/mL", unit(CATALYTIC_CONCENTRATION, "1e3")),
          entry("mU/mL", unit(CATALYTIC_CONCENTRATION, "1")),
          entry("kU/L", unit(CATALYTIC_CONCENTRATION, "1e3")),
          entry("ukat/L", unit(CATALYTIC_CONCENTRATION, "60")),
          entry("nkat/L", unit(CATALYTIC_CONCENTRATION, "0.06")),
          entry("/min", unit(FREQUENCY, "1")),
          entry("/s", unit(FREQUENCY, "60")),
          entry("Hz", unit(FREQUENCY, "60")),
          entry("/h", new Unit(FREQUENCY, BigDecimal.ZERO, Ratio.ONE.over(Ratio.of("60")))),
          entry("Pa", unit(PRESSURE, "1")),
          entry("kPa", unit(PRESSURE, "1e3")),
          entry("mm[Hg]", unit(PRESSURE, "133.322")),
          entry("cm[H2O]", unit(PRESSURE, "98.0665")),
          entry("1", unit(FRACTION, "1")),
          entry("%", unit(FRACTION, "0.01")),
          entry("g/g", unit(FRACTION, "1")),
          entry("mg/mg", unit(FRACTION, "1")),
          entry("mg/g", unit(FRACTION, "1e-3")),
          entry("ug/mg", unit(FRACTION, "1e-3")),
          entry("mg/kg", unit(FRACTION, "1e-6")),
          entry("ug/g", unit(FRACTION, "1e-6")),
          entry("g/mol", unit(MASS_PER_SUBSTANCE, "1")),
          entry("mg/mmol", unit(MASS_PER_SUBSTANCE, "1")),
          entry("g/mmol", unit(MASS_PER_SUBSTANCE, "1e3")),
          entry("ug/mmol", unit(MASS_PER_SUBSTANCE, "1e-3")),
          entry("ug/umol", unit(MASS_PER_SUBSTANCE, "1")),
          entry("L/min", unit(FLOW, "1")),
          entry("mL/min", unit(FLOW, "1e-3")),
          entry("mL/s", unit(FLOW, "0.06")),
          entry("L/s", unit(FLOW, "60")),
          entry("kg", unit(MASS, "1e3")),
          entry("g", unit(MASS, "1")),
          entry("mg", unit(MASS, "1e-3")),
          entry("ug", unit(MASS, "1e-6")),
          entry("[lb_av]", unit(MASS, "453.59237")),
          entry("[oz_av]", unit(MASS, "28.349523125")),
          entry("m", unit(LENGTH, "1")),
          entry("cm", unit(LENGTH, "0.01")),
          entry("mm", unit(LENGTH, "1e-3")),
          entry("[in_i]", unit(LENGTH, "0.0254")),
          entry("[ft_i]", unit(LENGTH, "0.3048")),
          entry("kg/m2", unit(BODY_MASS_INDEX, "1")));

  private static Unit unit(Dimension dimension, String factor) {
    return new Unit(dimension, BigDecimal.ZERO, Ratio.of(factor));
  }
}
