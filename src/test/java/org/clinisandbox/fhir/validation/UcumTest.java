package org.clinisandbox.fhir.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.clinisandbox.fhir.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UcumTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mg",
        "mg/dL",
        "mm[Hg]",
        "{beats}/min",
        "/min",
        "{score}",
        "{#}",
        "1",
        "%",
        "Cel",
        "[degF]",
        "K/uL",
        "10*3/uL",
        "10^3/uL",
        "mg/dl",
        "mL/min/{1.73_m2}",
        "mL/min/1.73.m2",
        "[iU]/L",
        "m[IU]/L",
        "meq/L",
        "{}",
        "{a}{b}",
        "((mg))",
        "m-2",
        "[pH]",
        "[arb'U]/mL",
        "dB",
        "g%",
        "mg/(24.h)",
        "0",
        "-1"
      })
  void hapi_takes_these_units_too(String code) {
    assertThat(Ucum.isValid(code)).isTrue();
    assertThat(hapi(code)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "mm[Hg",
        "mmHg",
        "foo",
        "MG/DL",
        " mg",
        "mg ",
        "m g",
        "mg/",
        "/",
        ".",
        "mg.",
        "mL/min/1.73m2",
        "kg/m^2",
        "mEq/L",
        "lb",
        "x10*3",
        "\u00b0C",
        "\u00b5g",
        "{",
        "}",
        "{a{b}}",
        "[",
        "()",
        "(mg",
        "m--2",
        "m2-",
        "2m",
        "unity",
        "beats/min",
        "{a b}mg",
        "mg{\u00e9}",
        "kkg",
        "9999999999999999999999",
        "m99999999999"
      })
  void hapi_refuses_these_too(String code) {
    assertThat(Ucum.isValid(code)).isFalse();
    assertThat(code.isBlank() || !hapi(code)).isTrue();
  }

  private static boolean hapi(String code) {
    return Oracle.ofUnit(Json.MAPPER.writeValueAsString(code)).isEmpty();
  }

  @Test
  void every_unit_of_the_records_is_valid() {
    assertThat(Records.codes("http://unitsofmeasure.org"))
        .hasSizeGreaterThan(10)
        .allMatch(Ucum::isValid);
  }

  @Test
  void units_of_one_dimension_have_one_base() {
    assertThat(Ucum.base("[lb_av]")).isEqualTo(Ucum.base("kg")).isNotEqualTo(Ucum.base("cm"));
    assertThat(Ucum.base("[degF]")).isEqualTo(Ucum.base("Cel")).isEqualTo(Ucum.base("K"));
    assertThat(Ucum.base("kPa")).isEqualTo(Ucum.base("mm[Hg]"));
    assertThat(Ucum.base("%")).isEqualTo(Ucum.base("{score}")).isEmpty();
    assertThat(Ucum.base("foo")).isNull();
  }

  @Test
  void a_code_is_bounded() {
    assertThat(Ucum.isValid("{" + "a".repeat(254) + "}")).isTrue();
    assertThat(Ucum.isValid("{" + "a".repeat(255) + "}")).isFalse();
    assertThat(Ucum.isValid("(".repeat(127) + "m" + ")".repeat(127))).isTrue();
    assertThat(Ucum.isValid("(".repeat(1_000_000))).isFalse();
  }

  @Test
  void a_flood_of_codes_changes_no_answer() {
    for (int i = 0; i < 20_000; i++) {
      assertThat(Ucum.isValid("{a" + i + "}/min")).isTrue();
      assertThat(Ucum.isValid("foo" + i + "/")).isFalse();
      if (i % 100 == 0) {
        assertThat(Ucum.isValid("mg/dL")).isTrue();
        assertThat(Ucum.isValid("mmHg")).isFalse();
      }
    }
  }

  @Test
  void nobodys_words_are_remembered() {
    for (String code :
        List.of("mg{Janice}", "{Janice}", "mg/{Jan{ice}", "Janice", "mg{Janic\u00e9}")) {
      assertThat(Ucum.isValid(code)).isEqualTo(Ucum.isValid(code));
    }
    assertThat(Ucum.remembered()).contains("mg{}").noneMatch(code -> code.contains("Jani"));
  }
}
