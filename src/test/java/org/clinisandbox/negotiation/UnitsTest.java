package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.needing;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.obs;
import static org.clinisandbox.negotiation.Given.onlyGap;
import static org.clinisandbox.negotiation.Given.onlyInput;

import java.math.BigDecimal;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  private static Verdict read(String loinc, String target, Value.Quantity quantity) {
    return negotiate(needing(loinc, "unit: \"" + target + "\""), obs("a", loinc, quantity));
  }

  private static Value.Quantity written(
      @Nullable String unit, @Nullable String system, @Nullable String code) {
    return new Value.Quantity(new BigDecimal("103"), null, unit, system, code);
  }

  private static BigDecimal number(Input input) {
    return ((Input.Value.Numeric) input.value()).number();
  }

  @Test
  void the_declared_unit_is_passed_on_untouched() {
    Input input = onlyInput(read("8310-5", "Cel", Given.quantity("39.40", "Cel")));
    assertThat(number(input)).isEqualTo(new BigDecimal("39.40"));
    assertThat(input.convertedFrom()).isNull();
  }

  @Test
  void a_conversion_is_recorded() {
    Input input = onlyInput(read("8310-5", "Cel", Given.quantity("103", "[degF]")));
    assertThat(number(input)).isEqualTo(new BigDecimal("39.4444444444444"));
    assertThat(input.unit()).isEqualTo("Cel");
    assertThat(input.convertedFrom()).isEqualTo("103 [degF]");
  }

  @ParameterizedTest
  @CsvSource({
    "2160-0, mg/dL, 88.4, umol/L, 1",
    "14682-9, umol/L, 1.2, mg/dL, 106.08",
    "2345-7, mg/dL, 5.5, mmol/L, 99.0858",
    "3094-0, mg/dL, 1, mmol/L, 2.8014",
    "1975-2, umol/L, 1, mg/dL, 17.1035775553",
    "17861-6, mg/dL, 2.5, mmol/L, 10.0195",
    "17861-6, mg/dL, 5, meq/L, 10.0195",
    "2777-1, mg/dL, 1, mmol/L, 3.0974",
    "2093-3, mg/dL, 5, mmol/L, 193.332",
    "9318-7, mg/g, 3, mg/mmol, 26.52",
    "9318-7, mg/mmol, 8.84, mg/g, 1",
    "1963-8, mmol/L, 24, meq/L, 24",
    "777-3, 10*9/L, 181000, /uL, 181"
  })
  void mass_amount_and_charge_convert_by_analyte(
      String loinc, String target, String number, String unit, String expected) {
    Input input = onlyInput(read(loinc, target, Given.quantity(number, unit)));
    assertThat(number(input).subtract(new BigDecimal(expected)).abs())
        .isLessThan(new BigDecimal("1e-9"));
  }

  @Test
  void without_a_known_analyte_mass_and_amount_do_not_convert() {
    Gap gap = onlyGap(read("1920-8", "mg/dL", Given.quantity("1", "umol/L")));
    assertThat(gap.reason()).isEqualTo(Reason.UNIT);
    assertThat(gap.unknownCode()).isFalse();
    assertThat(gap.detail()).contains("umol/L").contains("mg/dL");
  }

  @Test
  void an_analyte_is_found_by_any_code_of_the_requirement() {
    Verdict verdict =
        negotiate(
            needing("1920-8", "accepts: [\"2160-0\"], unit: mg/dL"),
            obs("a", "1920-8", "88.4", "umol/L"));
    assertThat(number(onlyInput(verdict))).isEqualByComparingTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mmol/mol", "[arb'U]", "mm Hg of what", "Mary"})
  void an_unknown_unit_is_refused_and_not_repeated(String unit) {
    Gap gap = onlyGap(read("4548-4", "%", Given.quantity("48", unit)));
    assertThat(gap.reason()).isEqualTo(Reason.UNIT);
    assertThat(gap.unknownCode()).isTrue();
    assertThat(gap.detail()).doesNotContain(unit);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cel|°C",
        "Cel|degC",
        "Cel|deg C",
        "[degF]|°F",
        "[degF]|degF",
        "/min|beats/min",
        "/min|breaths/min",
        "/min|{beats}/min",
        "/min|bpm",
        "mm[Hg]|mmHg",
        "mm[Hg]|mm Hg",
        "10*3/uL|K/uL",
        "10*3/uL|K/µL",
        "10*3/uL|10^3/uL",
        "10*3/uL|x10³/µL",
        "10*3/uL|x10E3/uL",
        "10*3/uL|thou/uL",
        "10*9/L|10^9/L",
        "10*9/L|x10⁹/L",
        "10*9/L|10e9/L",
        "10*12/L|10¹²/L",
        "10*6/uL|M/uL",
        "mg/dL|MG/DL",
        "mg/dL|mg/dl",
        "ug/mL|mcg/mL",
        "umol/L|µmol/L",
        "umol/L|μmol/L",
        "[IU]/L|IU/L",
        "L/min|lpm",
        "[lb_av]|lbs",
        "[in_i]|in",
        "kg/m2|kg/m²",
        "mL/min/{1.73_m2}|mL/min/1.73m2",
        "%|percent",
        "mg/g|mg/g creat"
      })
  void known_spellings_stand_for_their_unit(String code, String spelling) {
    Input byText = onlyInput(read("8867-4", code, written(spelling, null, null)));
    assertThat(number(byText)).isEqualByComparingTo("103");
    assertThat(byText.unit()).isEqualTo(code);
    assertThat(byText.convertedFrom()).isEqualTo("103 " + spelling);
    assertThat(number(onlyInput(read("8867-4", code, written(null, Coding.UCUM, spelling)))))
        .isEqualByComparingTo("103");
  }

  @Test
  void a_long_text_is_no_spelling() {
    assertThat(UnitSpellings.ofText("mg" + " ".repeat(35) + "/dL")).isEqualTo("mg/dL");
    assertThat(UnitSpellings.ofText("mg" + " ".repeat(36) + "/dL")).isNull();
  }

  @Test
  void a_text_that_is_the_wanted_unit_itself_will_do() {
    assertThat(number(onlyInput(read("2692-2", "mosm/kg", written("mosm/kg", null, null)))))
        .isEqualByComparingTo("103");
  }

  @Test
  void a_code_of_another_system_counts_for_nothing() {
    assertThat(onlyGap(read("8310-5", "Cel", written(null, "urn:local", "Cel"))).reason())
        .isEqualTo(Reason.UNIT);
    assertThat(onlyGap(read("8310-5", "Cel", written(null, null, "Cel"))).reason())
        .isEqualTo(Reason.UNIT);
    assertThat(onlyGap(read("8310-5", "Cel", written("warmth", "urn:local", "Cel"))).reason())
        .isEqualTo(Reason.UNIT);
    assertThat(number(onlyInput(read("8310-5", "Cel", written("degC", "urn:local", "77")))))
        .isEqualByComparingTo("103");
  }

  @Test
  void a_code_and_a_text_that_contradict_each_other_are_refused() {
    Value.Quantity both = written("°F", Coding.UCUM, "Cel");
    assertThat(onlyGap(read("8310-5", "Cel", both)).reason()).isEqualTo(Reason.UNIT);
    assertThat(onlyGap(negotiate(needing("8310-5", ""), obs("a", "8310-5", both))).reason())
        .isEqualTo(Reason.UNIT);
    assertThat(number(onlyInput(read("777-3", "10*9/L", written("K/uL", Coding.UCUM, "10*9/L")))))
        .isEqualByComparingTo("103");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://unitsofmeasure.org/",
        "https://unitsofmeasure.org",
        "urn:oid:2.16.840.1.113883.6.8"
      })
  void ucum_is_known_by_its_other_names(String system) {
    assertThat(number(onlyInput(read("8310-5", "Cel", written(null, system, "Cel")))))
        .isEqualByComparingTo("103");
  }

  @Test
  void a_code_without_a_system_can_only_contradict() {
    assertThat(onlyGap(read("8310-5", "Cel", written("degC", null, "[degF]"))).reason())
        .isEqualTo(Reason.UNIT);
    assertThat(number(onlyInput(read("8310-5", "Cel", written("degC", null, "Cel")))))
        .isEqualByComparingTo("103");
  }

  @Test
  void a_requirement_for_two_substances_converts_only_what_they_share() {
    String bicarbonate = "accepts: [\"2028-9\"], unit: mmol/L";
    assertThat(
            number(
                onlyInput(
                    negotiate(needing("1963-8", bicarbonate), obs("a", "2028-9", "24", "meq/L")))))
        .isEqualByComparingTo("24");
    String urea = "accepts: [\"22664-7\"], unit: mg/dL";
    assertThat(
            onlyGap(negotiate(needing("3094-0", urea), obs("a", "22664-7", "5", "mmol/L")))
                .reason())
        .isEqualTo(Reason.UNIT);
  }

  @Test
  void a_text_that_nobody_knows_does_not_weaken_a_code() {
    assertThat(number(onlyInput(read("8310-5", "Cel", written("grados", Coding.UCUM, "Cel")))))
        .isEqualByComparingTo("103");
  }

  @Test
  void no_unit_is_refused_unless_a_plain_number_is_wanted() {
    assertThat(onlyGap(read("8310-5", "Cel", written(null, null, null))).reason())
        .isEqualTo(Reason.UNIT);
    assertThat(number(onlyInput(read("9269-2", "{score}", written(null, null, null)))))
        .isEqualByComparingTo("103");
  }

  @Test
  void annotations_carry_no_meaning() {
    assertThat(Units.bare("{beats}/min")).isEqualTo("/min");
    assertThat(Units.bare("mL/min/{1.73_m2}")).isEqualTo("mL/min");
    assertThat(Units.bare("10*3{cells}/uL")).isEqualTo("10*3/uL");
    assertThat(Units.bare("{score}")).isEqualTo("1");
    assertThat(Units.bare("mg/{total}.d")).isEqualTo("mg.d");
  }

  @Test
  void a_requirement_without_a_unit_takes_whatever_there_is() {
    assertThat(taken("Cel", Coding.UCUM, "Cel").unit()).isEqualTo("Cel");
    assertThat(taken("degC", null, null).unit()).isEqualTo("Cel");
    assertThat(taken(null, Coding.UCUM, "mosm/kg").unit()).isEqualTo("mosm/kg");
    assertThat(taken("said Mary Smith", null, null).unit()).isNull();
    assertThat(taken(null, null, null).unit()).isNull();
    assertThat(number(taken(null, null, null))).isEqualByComparingTo("103");
  }

  private static Input taken(
      @Nullable String unit, @Nullable String system, @Nullable String code) {
    return onlyInput(
        negotiate(needing("8310-5", ""), obs("a", "8310-5", written(unit, system, code))));
  }
}
