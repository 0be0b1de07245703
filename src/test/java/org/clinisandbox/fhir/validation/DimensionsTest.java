package org.clinisandbox.fhir.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class DimensionsTest {
  @ParameterizedTest
  @CsvSource({
    "8310-5, kg",
    "8310-5, %",
    "8310-5, mm[Hg]",
    "29463-7, Cel",
    "29463-7, cm",
    "29463-7, kg/m2",
    "8302-2, kg",
    "39156-5, kg",
    "8867-4, mm[Hg]",
    "8867-4, 1",
    "9279-1, %",
    "8480-6, /min",
    "8462-4, mg/dL",
    "2708-6, mm[Hg]",
    "59408-5, L/min",
    "2160-0, kg",
    "2160-0, mL/min",
    "2345-7, %",
    "718-7, fL",
    "777-3, g/dL",
    "1742-6, mm[Hg]",
    "787-2, %",
    "33914-3, mg/dL",
    "5902-2, mg/dL"
  })
  void what_can_never_be_is_refused(String loinc, String unit) {
    assertThat(Dimensions.wrong(loinc, unit)).contains("such as").doesNotContain(loinc);
  }

  @ParameterizedTest
  @CsvSource({
    "8310-5, [degF]",
    "8310-5, K",
    "29463-7, [lb_av]",
    "29463-7, g",
    "8302-2, [in_i]",
    "8302-2, m",
    "8867-4, {beats}/min",
    "8867-4, Hz",
    "8480-6, kPa",
    "59408-5, 1",
    "2160-0, umol/L",
    "2160-0, mg/dL",
    "2951-2, meq/L",
    "718-7, mmol/L",
    "777-3, 10*9/L",
    "777-3, K/uL",
    "6690-2, 10*3/uL",
    "1742-6, U/L",
    "1742-6, [IU]/L",
    "1742-6, ukat/L",
    "4548-4, mmol/mol",
    "33914-3, mL/min/{1.73_m2}",
    "33914-3, mL/min/1.73.m2",
    "785-6, fmol",
    "9318-7, mg/mmol"
  })
  void what_can_be_passes(String loinc, String unit) {
    assertThat(Dimensions.wrong(loinc, unit)).isNull();
  }

  @Test
  void what_is_not_known_passes() {
    assertThat(Dimensions.wrong("0000-0", "kg")).isNull();
    assertThat(Dimensions.wrong("8310-5", "foo")).isNull();
    assertThat(Dimensions.wrong("8310-5", "")).isNull();
  }

  @Test
  void the_table_has_loinc_codes() {
    assertThat(Dimensions.codes()).hasSizeGreaterThan(100).allMatch(Loinc::isWellFormed);
  }

  @Test
  void every_quantity_of_the_records_passes() {
    List<JsonNode> measured =
        Records.nodes()
            .filter(node -> node.path("valueQuantity").path("code").isString())
            .filter(node -> node.path("code").path("coding").isArray())
            .toList();
    int known = 0;
    for (JsonNode node : measured) {
      for (JsonNode coding : node.path("code").path("coding")) {
        String loinc = coding.path("code").asString("");
        String unit = node.path("valueQuantity").path("code").stringValue();
        known += Dimensions.codes().contains(loinc) ? 1 : 0;
        assertThat(Dimensions.wrong(loinc, unit)).as(loinc + " " + unit).isNull();
      }
    }
    assertThat(known).isGreaterThan(300);
  }
}
