package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.fhir.Samples.bundle;
import static org.clinisandbox.fhir.Samples.patient;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatientReaderTest {
  @ParameterizedTest
  @CsvSource({
    "1002-5, , american-indian",
    "2028-9, , asian",
    "2054-5, , black",
    "2076-8, , pacific-islander",
    "2106-3, , white",
    "2106-3, 2106-3, white",
    "2106-3, 2028-9, multiple",
    "2106-3, UNK, white",
    "UNK, , ",
    "ASKU, , ",
    "2131-1, , "
  })
  void race_is_the_one_category_or_that_there_are_several(
      String one, String other, String expected) {
    String categories =
        category("ombCategory", "urn:oid:2.16.840.1.113883.6.238", one)
            + (other == null
                ? ""
                : "," + category("ombCategory", "urn:oid:2.16.840.1.113883.6.238", other))
            + ","
            + category("detailed", "urn:oid:2.16.840.1.113883.6.238", "2028-9")
            + ","
            + category(
                "ombCategory", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "2028-9")
            + ",{'url':'text','valueString':'words'}";

    assertThat(race("us-core-race", categories)).isEqualTo(expected);
    assertThat(race("us-core-ethnicity", categories)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "00_70entries, white, 2",
    "03_244entries, white, 16",
    "12_358entries, white, 25",
    "33_544entries, asian, 38",
    "54_1400entries, white, 133"
  })
  void a_real_record_tells_the_race_and_what_is_stated(String name, String race, int statements)
      throws IOException, JsonRefused {
    try (InputStream in = getClass().getResourceAsStream("/synthea/" + name + ".json")) {
      Facts facts = BundleCheck.facts(new StrictJson(JsonLimits.DEFAULT).read(in.readAllBytes()));

      assertThat(facts.patient()).extracting(PatientFact::race).isEqualTo(race);
      assertThat(facts.statements())
          .hasSize(statements)
          .allMatch(s -> s.subject() == ObservationFact.Subject.PATIENT)
          .allMatch(s -> !s.codes().isEmpty() && s.effective() != null);
    }
  }

  private static String category(String url, String system, String code) {
    return "{'url':'%s','valueCoding':{'system':'%s','code':'%s'}}".formatted(url, system, code);
  }

  private static @Nullable String race(String extension, String parts) {
    PatientFact patient =
        BundleCheck.facts(
                bundle(
                    patient(
                        ",'extension':[{'url':'http://hl7.org/fhir/us/core/StructureDefinition/"
                            + extension
                            + "','extension':["
                            + parts
                            + "]}]")))
            .patient();
    return patient == null ? "" : patient.race();
  }
}
