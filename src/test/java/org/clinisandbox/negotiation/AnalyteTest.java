package org.clinisandbox.negotiation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Molar masses against the formulas, and codes against LOINC's own arithmetic. */
class AnalyteTest {
  /** Standard atomic weights, abridged to five digits (IUPAC 2021). */
  private static final Map<String, BigDecimal> ATOMIC_WEIGHTS =
      Pattern.compile("([A-Z][a-z]?)=([0-9.]+)")
          .matcher(
              "H=1.0080 Li=6.94 C=12.011 N=14.007 O=15.999 Na=22.990 Mg=24.305 P=30.974 Cl=35.45"
                  + " K=39.098 Ca=40.078 Fe=55.845 Co=58.933 I=126.90")
          .results()
          .collect(Collectors.toMap(m -> m.group(1), m -> new BigDecimal(m.group(2))));

  private static final Pattern ATOMS = Pattern.compile("([A-Z][a-z]?)([0-9]*)");

  private static BigDecimal molarMass(String formula) {
    return ATOMS
        .matcher(formula)
        .results()
        .map(AnalyteTest::mass)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal mass(MatchResult atoms) {
    BigDecimal each = requireNonNull(ATOMIC_WEIGHTS.get(atoms.group(1)));
    return atoms.group(2).isEmpty() ? each : each.multiply(new BigDecimal(atoms.group(2)));
  }

  private static Analyte named(String name) {
    return Analyte.ALL.stream().filter(a -> a.name().equals(name)).findAny().orElseThrow();
  }

  private static BigDecimal gramsPerMole(Analyte analyte) {
    return requireNonNull(
            analyte.factor(Dimension.SUBSTANCE_CONCENTRATION, Dimension.MASS_CONCENTRATION))
        .rounded();
  }

  @ParameterizedTest
  @CsvSource({
    "glucose, C6H12O6",
    "urea nitrogen, N2",
    "urea, CH4N2O",
    "bilirubin, C33H36N4O6",
    "cholesterol, C27H46O",
    "triglyceride, C57H104O6",
    "urate, C5H4N4O3",
    "lactate, C3H6O3",
    "phosphate, P",
    "iron, Fe",
    "thyroxine, C15H11I4NO4",
    "triiodothyronine, C15H12I3NO4",
    "cortisol, C21H30O5",
    "testosterone, C19H28O2",
    "estradiol, C18H24O2",
    "cobalamin, C63H88CoN14O14P",
    "folate, C19H19N7O6",
    "digoxin, C41H64O14",
    "calcium, Ca",
    "magnesium, Mg",
    "bicarbonate, CHO3",
    "sodium, Na",
    "potassium, K",
    "chloride, Cl",
    "lithium, Li"
  })
  void a_molar_mass_is_the_sum_of_its_atoms(String name, String formula) {
    BigDecimal byFormula = molarMass(formula);
    assertThat(gramsPerMole(named(name)).subtract(byFormula).abs())
        .as("%s by %s", byFormula, formula)
        .isLessThan(byFormula.multiply(new BigDecimal("3e-5")));
  }

  @Test
  void every_molar_mass_is_checked_by_a_formula() throws NoSuchMethodException {
    CsvSource checked =
        requireNonNull(
            AnalyteTest.class
                .getDeclaredMethod(
                    "a_molar_mass_is_the_sum_of_its_atoms", String.class, String.class)
                .getAnnotation(CsvSource.class));
    List<String> names =
        List.of(checked.value()).stream().map(row -> row.substring(0, row.indexOf(','))).toList();
    assertThat(Analyte.ALL.stream().map(Analyte::name))
        .containsExactlyInAnyOrderElementsOf(
            concat(names, List.of("creatinine", "urine protein to creatinine", "carbon dioxide")));
  }

  private static List<String> concat(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }

  @Test
  void creatinine_is_converted_as_laboratories_do() {
    BigDecimal mass = gramsPerMole(named("creatinine"));
    assertThat(new BigDecimal("10000").divide(mass, new MathContext(6)))
        .isEqualByComparingTo("88.4");
    assertThat(mass.subtract(molarMass("C4H7N3O")).abs()).isLessThan(new BigDecimal("0.003"));
    assertThat(
            requireNonNull(
                    named("urine protein to creatinine")
                        .factor(Dimension.MASS_PER_SUBSTANCE, Dimension.FRACTION))
                .over(Ratio.of("0.001"))
                .rounded())
        .isEqualByComparingTo("8.84");
  }

  @Test
  void carbon_dioxide_is_counted_but_not_weighed() {
    Analyte carbonDioxide = named("carbon dioxide");
    assertThat(
            carbonDioxide.factor(Dimension.CHARGE_CONCENTRATION, Dimension.SUBSTANCE_CONCENTRATION))
        .isNotNull();
    assertThat(
            carbonDioxide.factor(Dimension.MASS_CONCENTRATION, Dimension.SUBSTANCE_CONCENTRATION))
        .isNull();
  }

  @Test
  void a_ratio_is_not_a_concentration() {
    Analyte ratio = requireNonNull(Analyte.of(List.of("9318-7")));
    assertThat(ratio.factor(Dimension.MASS_CONCENTRATION, Dimension.SUBSTANCE_CONCENTRATION))
        .isNull();
    assertThat(
            requireNonNull(Analyte.of(List.of("2160-0")))
                .factor(Dimension.MASS_PER_SUBSTANCE, Dimension.FRACTION))
        .isNull();
  }

  /** LOINC numbers end in a Mod-10 check digit, which a slip of the pen rarely keeps. */
  @Test
  void every_code_has_its_check_digit() {
    for (Analyte analyte : Analyte.ALL) {
      for (String code : analyte.codes()) {
        String digits = code.substring(0, code.length() - 2);
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
          int digit = digits.charAt(digits.length() - 1 - i) - '0';
          int doubled = i % 2 == 0 ? digit * 2 : digit;
          sum += doubled / 10 + doubled % 10;
        }
        assertThat(code).endsWith("-" + (10 - sum % 10) % 10);
        assertThat(Analyte.of(List.of(code))).isSameAs(analyte);
      }
    }
  }
}
