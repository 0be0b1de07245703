package org.clinisandbox.fhir.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoincTest {
  private static final List<String> REAL = Records.codes("http://loinc.org");

  @Test
  void every_code_of_the_records_is_well_formed() {
    assertThat(REAL)
        .hasSizeGreaterThan(100)
        .anyMatch(code -> code.startsWith("LA"))
        .allMatch(Loinc::isWellFormed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"8867-4", "1-8", "98979-8", "LA32-8", "LP173421-1", "LL360-9", "LG33055-1"})
  void codes_of_every_form_are(String code) {
    assertThat(Loinc.isWellFormed(code)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "-0",
        "8",
        "8-",
        "8867",
        "88674",
        "8867-",
        "8867-44",
        "8867-a",
        "8867 -4",
        " 8867-4",
        "8867-4 ",
        "0000-0",
        "0-0",
        "08867-4",
        "88a7-4",
        "LB32-8",
        "L32-8",
        "LA-8",
        "la32-8",
        "LA32-7",
        "LP32-8",
        "12345678-4",
        "8867\u20104",
        "\u0668867-4",
        "8867-\u0664",
        "--4",
        "8867--4"
      })
  void anything_else_is_not(String code) {
    assertThat(Loinc.isWellFormed(code)).isFalse();
  }

  @Test
  void one_changed_digit_is_noticed() {
    for (String code : REAL) {
      for (int i = 0; i < code.length(); i++) {
        char was = code.charAt(i);
        for (char digit = '0'; digit <= '9' && Texts.isDigit(was); digit++) {
          String changed = code.substring(0, i) + digit + code.substring(i + 1);
          assertThat(Loinc.isWellFormed(changed)).as(changed).isEqualTo(digit == was);
        }
      }
    }
  }

  @Test
  void neighbours_that_changed_places_are_noticed_but_for_nine_and_nought() {
    int noticed = 0;
    for (String code : REAL) {
      for (int i = 0; i + 1 < code.length(); i++) {
        String pair = code.substring(i, i + 2);
        if (!pair.matches("\\d\\d") || pair.charAt(0) == pair.charAt(1)) {
          continue;
        }
        String changed =
            code.substring(0, i) + pair.charAt(1) + pair.charAt(0) + code.substring(i + 2);
        boolean unnoticed = pair.equals("90") || pair.equals("09");
        if (changed.matches("(L[A-Z])?0.*")) {
          unnoticed = false;
        }
        assertThat(Loinc.isWellFormed(changed)).as(changed).isEqualTo(unnoticed);
        noticed += unnoticed ? 0 : 1;
      }
    }
    assertThat(noticed).isGreaterThan(200);
  }
}
