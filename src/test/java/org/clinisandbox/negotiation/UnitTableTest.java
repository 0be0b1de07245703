package org.clinisandbox.negotiation;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.clinisandbox.negotiation.UnitTable.Unit;
import org.fhir.ucum.Decimal;
import org.fhir.ucum.DefinedUnit;
import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table against UCUM's own definitions, for every ordered pair of units of one dimension. */
class UnitTableTest {
  private static final BigDecimal NUMBER = new BigDecimal("123.456789012345");
  private static final BigDecimal TOLERANCE = new BigDecimal("1e-12");

  /** Freezing and boiling water. */
  private static final Map<String, List<BigDecimal>> FIXED_POINTS =
      Map.of(
          "K", List.of(new BigDecimal("273.15"), new BigDecimal("373.15")),
          "Cel", List.of(BigDecimal.ZERO, new BigDecimal("100")),
          "[degF]", List.of(new BigDecimal("32"), new BigDecimal("212")));

  private static UcumEssenceService ucum;
  private static Map<Pair, BigDecimal> expected;

  private record Pair(String from, String to) {}

  @BeforeAll
  static void convertEveryPairByUcum() throws UcumException {
    ucum =
        new UcumEssenceService(UcumEssenceService.class.getResourceAsStream("/ucum-essence.xml"));
    keepAllDigitsOfTheInch();
    expected = new HashMap<>();
    for (Pair pair : pairs()) {
      expected.put(pair, byDefinition(pair));
    }
  }

  /** The library rounds to the digits of a definition, which for the inch (2.54 cm) are three. */
  private static void keepAllDigitsOfTheInch() throws UcumException {
    for (DefinedUnit unit : ucum.getModel().getDefinedUnits()) {
      if (unit.getCode().equals("[in_i]") || unit.getCode().equals("[ft_i]")) {
        String digits = unit.getValue().getValue().asDecimal();
        unit.getValue().setValue(new Decimal(digits, 40));
      }
    }
  }

  private static List<Pair> pairs() {
    return UnitTable.BY_CODE.entrySet().stream()
        .collect(groupingBy(entry -> entry.getValue().dimension()))
        .values()
        .stream()
        .flatMap(
            units ->
                units.stream()
                    .flatMap(
                        from -> units.stream().map(to -> new Pair(from.getKey(), to.getKey()))))
        .toList();
  }

  private static BigDecimal byDefinition(Pair pair) throws UcumException {
    if (FIXED_POINTS.containsKey(pair.from)) {
      return byFixedPoints(
          requireNonNull(FIXED_POINTS.get(pair.from)), requireNonNull(FIXED_POINTS.get(pair.to)));
    }
    return new BigDecimal(
        ucum.convert(new Decimal(NUMBER.toString(), 40), asActivity(pair.from), asActivity(pair.to))
            .asDecimal());
  }

  /** UCUM says of international units only that they are no others; here they count as U. */
  private static String asActivity(String code) {
    return code.replace("[IU]", "U").replace("[iU]", "U");
  }

  private static BigDecimal byFixedPoints(List<BigDecimal> from, List<BigDecimal> to) {
    return NUMBER
        .subtract(from.get(0))
        .multiply(to.get(1).subtract(to.get(0)))
        .divide(from.get(1).subtract(from.get(0)), MathContext.DECIMAL128)
        .add(to.get(0));
  }

  private static Set<String> wronglyConverted(Map<String, Unit> table, Predicate<Pair> chosen) {
    Set<String> wrong = new HashSet<>();
    expected.forEach(
        (pair, theirs) -> {
          if (!chosen.test(pair)) {
            return;
          }
          BigDecimal ours =
              Units.convert(
                  NUMBER,
                  requireNonNull(table.get(pair.from)),
                  requireNonNull(table.get(pair.to)),
                  Ratio.ONE);
          BigDecimal allowed = theirs.abs().multiply(TOLERANCE);
          if (ours.subtract(theirs).abs().compareTo(allowed) > 0) {
            wrong.add(pair.from + " to " + pair.to + ": " + ours + ", by UCUM " + theirs);
          }
        });
    return wrong;
  }

  @Test
  void every_code_is_ucum() {
    for (String code : UnitTable.BY_CODE.keySet()) {
      assertThat(ucum.validate(code)).as(code).isNull();
    }
  }

  @Test
  void every_conversion_is_as_ucum_makes_it() {
    assertThat(expected).hasSizeGreaterThan(2000);
    assertThat(wronglyConverted(UnitTable.BY_CODE, pair -> true)).isEmpty();
  }

  @Test
  void a_wrong_factor_of_any_unit_would_be_noticed() {
    Ratio slip = Ratio.of("1.00000000001");
    UnitTable.BY_CODE.forEach(
        (code, unit) -> {
          if (unit.dimension() != Dimension.ACIDITY) {
            Map<String, Unit> table = new HashMap<>(UnitTable.BY_CODE);
            table.put(code, new Unit(unit.dimension(), unit.offset(), unit.factor().times(slip)));
            assertThat(wronglyConverted(table, pair -> pair.from.equals(code)))
                .as(code)
                .isNotEmpty();
          }
        });
  }

  @Test
  void every_dimension_has_a_base() {
    for (Dimension dimension : Dimension.values()) {
      assertThat(UnitTable.BY_CODE.values())
          .as(dimension.name())
          .contains(new Unit(dimension, BigDecimal.ZERO, Ratio.ONE));
    }
  }

  /** Exact points of the scales: freezing, boiling, body temperature, where the two meet. */
  @Test
  void temperatures_convert_by_definition() {
    assertTemperature("98.6", "[degF]", "37.0", "Cel");
    assertTemperature("32", "[degF]", "0", "Cel");
    assertTemperature("-40", "[degF]", "-40", "Cel");
    assertTemperature("100", "Cel", "212", "[degF]");
    assertTemperature("310.15", "K", "37", "Cel");
    assertTemperature("103", "[degF]", "39.4444444444444", "Cel");
  }

  private static void assertTemperature(String from, String unit, String to, String target) {
    assertThat(Units.convert(new BigDecimal(from), unit, target, null)).isEqualByComparingTo(to);
  }

  @Test
  void inches_and_feet_are_exact() {
    assertThat(Units.convert(BigDecimal.TEN, "[in_i]", "cm", null)).isEqualByComparingTo("25.4");
    assertThat(Units.convert(BigDecimal.TEN, "[ft_i]", "[in_i]", null)).isEqualByComparingTo("120");
  }

  @Test
  void international_units_of_activity_count_as_units() {
    assertThat(Units.convert(NUMBER, "[IU]/L", "U/L", null)).isEqualTo(NUMBER);
    assertThat(Units.convert(BigDecimal.ONE, "ukat/L", "[IU]/L", null)).isEqualByComparingTo("60");
  }

  /** The records of src/test/resources/synthea: each unit of theirs can be converted. */
  @Test
  void every_unit_of_the_synthetic_records_is_known() throws IOException {
    Set<String> codes = new HashSet<>();
    Pattern quantity =
        Pattern.compile(
            "\"system\"\\s*:\\s*\"http://unitsofmeasure.org\"\\s*,\\s*\"code\"\\s*:\\s*\"([^\"]+)\"");
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/synthea"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        quantity.matcher(Files.readString(file)).results().forEach(m -> codes.add(m.group(1)));
      }
    }
    assertThat(codes).hasSize(20).allSatisfy(code -> assertThat(Units.isKnown(code)).isTrue());
  }

  @Test
  void glycated_haemoglobin_does_not_convert_between_its_two_scales() {
    assertThat(Units.convert(new BigDecimal("48"), "mmol/mol", "%", null)).isNull();
    assertThat(Units.isKnown("mmol/mol")).isFalse();
  }

  @Test
  void a_score_is_a_number_but_no_percentage() {
    assertThat(Units.convert(BigDecimal.ONE, "{score}", "1", null)).isEqualTo(BigDecimal.ONE);
    assertThat(Units.convert(BigDecimal.ONE, "{score}", "%", null)).isNull();
    assertThat(Units.convert(BigDecimal.ONE, "%", "{score}", null)).isNull();
    assertThat(Units.convert(BigDecimal.ONE, "1", "%", null)).isEqualByComparingTo("100");
  }

  @Test
  void a_number_in_the_wanted_unit_is_not_touched() {
    BigDecimal number = new BigDecimal("39.400");
    assertThat(Units.convert(number, "Cel", "Cel", null)).isSameAs(number);
    assertThat(Units.convert(number, "{beats}/min", "/min", null)).isSameAs(number);
    assertThat(Units.convert(number, "ng/mL", "ug/L", null)).isSameAs(number);
  }
}
