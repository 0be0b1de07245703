package org.clinisandbox.negotiation;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The units that can be converted, by UCUM code. Factors are UCUM's (The Unified Code for Units of
 * Measure, version 2.2), except that {@code [IU]} counts as {@code U}: laboratories write one for
 * the other.
 *
 * <p>Ratios of moles such as {@code mmol/mol} are left out on purpose. UCUM would turn an HbA1c of
 * 48 mmol/mol into 4.8 %, where the clinical (NGSP) value is 6.5 %. {@code U} and {@code [IU]}
 * alone are left out too: what they count depends on the preparation.
 */
final class UnitTable {
  /** One dimension a line, then each unit with its factor to the dimension's base. */
  private static final String LINEAR =
      """
      MASS_CONCENTRATION g/L=1 g/dL=10 g/mL=1e3 kg/L=1e3 kg/m3=1 mg/mL=1 mg/dL=0.01 mg/L=1e-3
      MASS_CONCENTRATION ug/mL=1e-3 ug/dL=1e-5 ug/L=1e-6 ng/mL=1e-6 ng/dL=1e-8 ng/L=1e-9
      MASS_CONCENTRATION pg/mL=1e-9 pg/dL=1e-11 pg/L=1e-12 mg%=0.01 g%=10
      SUBSTANCE_CONCENTRATION mol/L=1 mmol/L=1e-3 umol/L=1e-6 nmol/L=1e-9 pmol/L=1e-12
      SUBSTANCE_CONCENTRATION fmol/L=1e-15 mol/m3=1e-3 mmol/dL=1e-2 umol/dL=1e-5 nmol/dL=1e-8
      SUBSTANCE_CONCENTRATION mmol/mL=1 umol/mL=1e-3 nmol/mL=1e-6 pmol/mL=1e-9 fmol/mL=1e-12
      CHARGE_CONCENTRATION eq/L=1 meq/L=1e-3 ueq/L=1e-6 meq/dL=1e-2 meq/mL=1
      OSMOLARITY osm/L=1 mosm/L=1e-3
      SUBSTANCE_CONTENT mol/kg=1 mmol/kg=1e-3 umol/kg=1e-6 umol/g=1e-3 osm/kg=1 mosm/kg=1e-3
      NUMBER_CONCENTRATION /L=1 /dL=10 /mL=1e3 /uL=1e6 /mm3=1e6 10*3/mL=1e6 10*6/mL=1e9
      NUMBER_CONCENTRATION 10*3/uL=1e9 10*3/mm3=1e9 10*4/uL=1e10 10*6/uL=1e12 10*6/mm3=1e12
      NUMBER_CONCENTRATION 10*3/L=1e3 10*6/L=1e6 10*9/L=1e9 10*12/L=1e12
      CATALYTIC_CONCENTRATION U/L=1 mU/L=1e-3 kU/L=1e3 U/dL=10 U/mL=1e3 mU/mL=1 uU/mL=1e-3
      CATALYTIC_CONCENTRATION uU/L=1e-6 kU/mL=1e6 [IU]/L=1 m[IU]/L=1e-3 k[IU]/L=1e3 [IU]/dL=10
      CATALYTIC_CONCENTRATION [IU]/mL=1e3 m[IU]/mL=1 u[IU]/mL=1e-3 k[IU]/mL=1e6 [iU]/L=1
      CATALYTIC_CONCENTRATION m[iU]/L=1e-3 k[iU]/L=1e3 [iU]/mL=1e3 m[iU]/mL=1 u[iU]/mL=1e-3
      CATALYTIC_CONCENTRATION kat/L=6e7 ukat/L=60 nkat/L=0.06
      FREQUENCY /min=1 /s=60 Hz=60 /h=1/60 /d=1/1440 /wk=1/10080 /mo=1/43830 /a=1/525960
      TIME us=1e-6 ms=1e-3 s=1 min=60 h=3600 d=86400 wk=604800 mo=2629800 a=31557600
      PRESSURE Pa=1 hPa=100 kPa=1e3 mbar=100 bar=1e5 mm[Hg]=133.322 cm[H2O]=98.0665
      FRACTION 1=1 %=0.01 [ppth]=1e-3 [ppm]=1e-6 g/g=1 mg/mg=1 kg/kg=1 L/L=1 mL/mL=1 mL/dL=0.01
      FRACTION mg/g=1e-3 g/kg=1e-3 ug/mg=1e-3 mg/kg=1e-6 ug/g=1e-6 ng/mg=1e-6 ug/kg=1e-9 ng/g=1e-9
      ACIDITY [pH]=1
      MASS_PER_SUBSTANCE g/mol=1 mg/mmol=1 ug/umol=1 g/mmol=1e3 ug/mmol=1e-3 mg/mol=1e-3
      FLOW L/min=1 mL/min=1e-3 dL/min=0.1 mL/s=0.06 L/s=60 L/h=1/60 mL/h=1/60000 L/d=1/1440
      FLOW mL/d=1/1440000 L/(24.h)=1/1440 mL/(24.h)=1/1440000
      FLOW_PER_AREA L/min/m2=1 mL/min/m2=1e-3 L/(min.m2)=1 mL/(min.m2)=1e-3
      FLOW_PER_MASS mL/kg/h=1 mL/(kg.h)=1 mL/kg/min=60 mL/kg/d=1/24
      MASS_RATE g/d=1 mg/d=1e-3 ug/d=1e-6 g/(24.h)=1 mg/(24.h)=1e-3 ug/(24.h)=1e-6 mg/h=0.024
      MASS_RATE g/h=24 ug/h=24e-6 ug/min=1440e-6 mg/min=1.44
      SUBSTANCE_RATE mol/d=1 mmol/d=1e-3 umol/d=1e-6 nmol/d=1e-9 mmol/(24.h)=1e-3
      SUBSTANCE_RATE umol/(24.h)=1e-6 nmol/(24.h)=1e-9 mmol/h=0.024
      DOSE_RATE ug/kg/min=1 mg/kg/min=1e3 ng/kg/min=1e-3 ug/kg/h=1/60 mg/kg/h=1000/60
      DOSE_RATE mg/kg/d=1000/1440 ug/(kg.min)=1
      MASS kg=1e3 g=1 mg=1e-3 ug=1e-6 ng=1e-9 pg=1e-12 fg=1e-15 [lb_av]=453.59237
      MASS [oz_av]=28.349523125 [stone_av]=6350.29318
      LENGTH km=1e3 m=1 dm=0.1 cm=0.01 mm=1e-3 um=1e-6 nm=1e-9 [in_i]=0.0254 [ft_i]=0.3048
      AREA m2=1 cm2=1e-4 mm2=1e-6
      VOLUME L=1 dL=0.1 cL=0.01 mL=1e-3 uL=1e-6 nL=1e-9 pL=1e-12 fL=1e-15 cm3=1e-3 mm3=1e-6 um3=1e-15
      VELOCITY m/s=1 cm/s=0.01 mm/s=1e-3 km/h=1/3.6 mm/h=1/3600000
      MASS_PER_AREA kg/m2=1 g/m2=1e-3 g/cm2=10 mg/cm2=0.01
      """;

  private static final Map<String, Unit> TEMPERATURES =
      Map.of(
          "K", unit(Dimension.TEMPERATURE, "0", "1"),
          "Cel", unit(Dimension.TEMPERATURE, "273.15", "1"),
          "[degF]", unit(Dimension.TEMPERATURE, "459.67", "5/9"));

  static final Map<String, Unit> BY_CODE =
      Stream.concat(
              TEMPERATURES.entrySet().stream(), LINEAR.lines().flatMap(UnitTable::unitsOfLine))
          .collect(toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private UnitTable() {}

  /** A unit: base value = (number + offset) × factor. */
  record Unit(Dimension dimension, BigDecimal offset, Ratio factor) {}

  private static Stream<Map.Entry<String, Unit>> unitsOfLine(String line) {
    String[] words = line.split(" ", -1);
    Dimension dimension = Dimension.valueOf(words[0]);
    return Arrays.stream(words, 1, words.length)
        .map(word -> word.split("=", -1))
        .map(pair -> Map.entry(pair[0], unit(dimension, "0", pair[1])));
  }

  private static Unit unit(Dimension dimension, String offset, String factor) {
    String[] parts = factor.split("/", -1);
    Ratio ratio = Ratio.of(parts[0]);
    return new Unit(
        dimension,
        new BigDecimal(offset),
        parts.length == 1 ? ratio : ratio.over(Ratio.of(parts[1])));
  }
}
