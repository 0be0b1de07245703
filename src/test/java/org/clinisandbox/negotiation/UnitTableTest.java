package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.clinisandbox.negotiation.UnitTable.Unit;
import org.fhir.ucum.Decimal;
import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table against UCUM's own definitions. */
class UnitTableTest {
  private static final BigDecimal NUMBER = new BigDecimal("123.456789012345");

  private static UcumEssenceService ucum;

  @BeforeAll
  static void load() throws UcumException {
    ucum =
        new UcumEssenceService(UcumEssenceService.class.getResourceAsStream("/ucum-essence.xml"));
  }

  @Test
  void every_code_is_ucum() {
    for (String code : UnitTable.BY_CODE.keySet()) {
      assertThat(ucum.validate(code)).as(code).isNull();
    }
  }

  @Test
  void every_conversion_that_ucum_can_make_is_the_same() {
    Set<String> beyondUcum = new TreeSet<>();
    int checked = 0;
    for (Map.Entry<String, Unit> from : UnitTable.BY_CODE.entrySet()) {
      for (Map.Entry<String, Unit> to : UnitTable.BY_CODE.entrySet()) {
        if (from.getValue().dimension() != to.getValue().dimension()) {
          continue;
        }
        try {
          String theirs =
              ucum.convert(new Decimal(NUMBER.toString(), 24), from.getKey(), to.getKey())
                  .asDecimal();
          BigDecimal ours =
              Objects.requireNonNull(Units.convert(NUMBER, from.getKey(), to.getKey(), null));
          assertThat(ours.doubleValue() / Double.parseDouble(theirs))
              .as("%s to %s", from.getKey(), to.getKey())
              .isCloseTo(1.0, within(isImperialLength(from, to) ? 0.005 : 1e-12));
          checked++;
        } catch (UcumException e) {
          beyondUcum.add(from.getKey());
          beyondUcum.add(to.getKey());
        }
      }
    }
    assertThat(checked).isGreaterThan(400);
    assertThat(beyondUcum)
        .isSubsetOf(
            "K", "Cel", "[degF]", "U/L", "U/mL", "mU/mL", "kU/L", "[IU]/L", "[iU]/L", "ukat/L",
            "nkat/L");
  }

  /** The inch is exactly 2.54 cm, but this library rounds what comes of it to three digits. */
  private static boolean isImperialLength(
      Map.Entry<String, Unit> from, Map.Entry<String, Unit> to) {
    Set<String> imperial = Set.of("[in_i]", "[ft_i]");
    return imperial.contains(from.getKey()) || imperial.contains(to.getKey());
  }

  @Test
  void inches_and_feet_are_exact() {
    assertThat(Units.convert(BigDecimal.TEN, "[in_i]", "cm", null)).isEqualByComparingTo("25.4");
    assertThat(Units.convert(BigDecimal.TEN, "[ft_i]", "[in_i]", null)).isEqualByComparingTo("120");
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
  void international_units_of_activity_count_as_units() {
    assertThat(Units.convert(NUMBER, "[IU]/L", "U/L", null)).isEqualTo(NUMBER);
    assertThat(Units.convert(BigDecimal.ONE, "ukat/L", "[IU]/L", null)).isEqualByComparingTo("60");
  }
}
