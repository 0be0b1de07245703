package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The published numbers of the sample models, from a record in FHIR to the result. */
class VectorsIT {
  private static final String EGFR_UNIT = "mL/min/{1.73_m2}";

  private final Client client = Up.client();

  private JsonNode job(String model, Chart chart) {
    Client.Answer answer = client.post("/v1/diagnose", chart.request(model), "Prefer", "wait=30");
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
    assertThat(answer.body().path("status").asString()).isEqualTo("succeeded");
    return answer.body();
  }

  private JsonNode result(String model, Chart chart) {
    return job(model, chart).path("result");
  }

  private static void assertNear(JsonNode number, String published, String precision) {
    assertThat(number.decimalValue())
        .isCloseTo(new BigDecimal(published), within(new BigDecimal(precision)));
  }

  private static Chart ward(String temperature, String unit) {
    return new Chart("female", 67)
        .measured("9279-1", "21", "/min")
        .measured("59408-5", "93", "%")
        .bloodPressure(120, 80)
        .measured("8867-4", "95", "/min")
        .measured("8310-5", temperature, unit);
  }

  @Test
  void news2() {
    Chart chart = ward("37.5", "Cel").coded("67775-7", Chart.LOINC, "LA9340-6");

    assertThat(result("sepsis", chart.measured("3151-8", "0", "L/min")).path("score").asInt())
        .isEqualTo(5);
  }

  @Test
  void news2_in_fahrenheit_with_a_word_for_alert_and_no_word_of_oxygen() {
    JsonNode job = job("sepsis", ward("99.5", "[degF]").text("67775-7", "Alert"));

    assertThat(job.path("result").path("score").asInt()).isEqualTo(5);
    assertThat(job.path("inputs"))
        .anySatisfy(
            input -> {
              assertThat(input.path("name").asString()).isEqualTo("oxygen");
              assertThat(input.path("source").asString()).isEqualTo("assumed");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "55, 2160-0, 1.2, mg/dL, 71, 0.5",
    "55, 14682-9, 106.08, umol/L, 71, 0.5",
    "81, 38483-4, 1.7, mg/dL, 39.99991, 0.000005",
    "81, 14682-9, 150.28, umol/L, 39.99991, 0.000005"
  })
  void ckd_epi_2021(
      int age, String code, String creatinine, String unit, String egfr, String precision) {
    JsonNode result =
        result("ckd-epi-2021", new Chart("male", age).measured(code, creatinine, unit));

    assertNear(result.path("score"), egfr, precision);
    assertThat(result.path("unit").asString()).isEqualTo(EGFR_UNIT);
  }

  @ParameterizedTest
  @CsvSource({
    "98979-8, 9318-7, 1762.00184, mg/g",
    "33914-3, 14959-1, 1762.00184, ug/mg",
    "98979-8, 9318-7, 199.321475, mg/mmol"
  })
  void kfre_4(String egfr, String ratio, String acr, String unit) {
    Chart chart =
        new Chart("female", 57).measured(egfr, "15", EGFR_UNIT).measured(ratio, acr, unit);

    JsonNode job = job("kfre-4", chart);

    assertNear(job.path("result").path("probability"), "0.9003", "0.00005");
    assertNear(job.path("result").path("details").path("two_year"), "0.4486", "0.00005");
    assertNear(
        job.path("fhir").path("prediction").path(0).path("probabilityDecimal"), "90.03", "0.005");
  }

  @ParameterizedTest
  @CsvSource({"3.5, g/dL, 24, mmol/L, 9.5, mg/dL", "35, g/L, 24, meq/L, 95, mg/L"})
  void kfre_8(
      String albumin,
      String albuminUnit,
      String bicarbonate,
      String bicarbonateUnit,
      String calcium,
      String calciumUnit) {
    Chart chart =
        new Chart("male", 65)
            .measured("98979-8", "19", EGFR_UNIT)
            .measured("9318-7", "30", "mg/g")
            .measured("1751-7", albumin, albuminUnit)
            .measured("2777-1", "3.5", "mg/dL")
            .measured("1963-8", bicarbonate, bicarbonateUnit)
            .measured("17861-6", calcium, calciumUnit);

    JsonNode result = result("kfre-8", chart);

    assertNear(result.path("probability"), "0.277728", "0.0000005");
    assertNear(result.path("details").path("two_year"), "0.069774", "0.0000005");
  }

  private static Chart lipids(String gender, int age, String race, String smoking) {
    return new Chart(gender, age)
        .race(race, race.equals("2054-5") ? "Black or African American" : "White")
        .coded("72166-2", Chart.LOINC, smoking);
  }

  @ParameterizedTest
  @CsvSource({
    "female, 2054-5, 213, 50, mg/dL, 0.030, black-women",
    "female, 2106-3, 213, 50, mg/dL, 0.021, white-women",
    "male, 2054-5, 213, 50, mg/dL, 0.061, black-men",
    "male, 2106-3, 213, 50, mg/dL, 0.054, white-men",
    "male, 2106-3, 5.508, 1.293, mmol/L, 0.054, white-men"
  })
  void pooled_cohort_equations(
      String gender,
      String race,
      String total,
      String hdl,
      String unit,
      String risk,
      String equation) {
    Chart chart =
        lipids(gender, 55, race, "LA18978-9")
            .measured(unit.equals("mg/dL") ? "2093-3" : "14647-2", total, unit)
            .measured(unit.equals("mg/dL") ? "2085-9" : "14646-4", hdl, unit)
            .bloodPressure(120, 80);

    JsonNode result = result("ascvd-pce", chart);

    assertNear(result.path("probability"), risk, "0.001");
    assertThat(result.path("details").path("equation").asString()).isEqualTo(equation);
  }

  /** Worked out from the published coefficients, since no such numbers are published. */
  @ParameterizedTest
  @CsvSource({
    "LA18978-9, , , 0.081887",
    "LA18978-9, 44054006, , 0.185142",
    "LA18976-3, , , 0.156759",
    "LA18978-9, , 29046, 0.102167"
  })
  void pooled_cohort_equations_with_what_the_record_says(
      String smoking, String condition, String medicine, String risk) {
    Chart chart =
        lipids("female", 62, "2054-5", smoking)
            .measured("2093-3", "198", "mg/dL")
            .measured("2085-9", "44", "mg/dL")
            .bloodPressure(138, 85)
            // Asthma that is over, and paracetamol: neither counts.
            .condition(Chart.SNOMED, "195967001", "resolved")
            .medication("161");
    if (condition != null) {
      chart.condition(Chart.SNOMED, condition, "active");
    }
    if (medicine != null) {
      chart.medication(medicine);
    }

    assertNear(result("ascvd-pce", chart).path("probability"), risk, "0.000001");
  }

  @ParameterizedTest
  @CsvSource({"181000, /uL", "181, 10*9/L", "181, 10*3/uL", "0.181, 10*6/uL"})
  void fib_4(String platelets, String unit) {
    Chart chart =
        new Chart("female", 35)
            .measured("1920-8", "107", "U/L")
            .measured("1742-6", "104", "U/L")
            .measured("777-3", platelets, unit);

    assertNear(result("fib-4", chart).path("score"), "2.02888", "0.000005");
  }

  @ParameterizedTest
  @CsvSource({
    "21, 101, LA9340-6, 0, negative",
    "22, 101, LA9340-6, 1, negative",
    "21, 100, LA9340-6, 1, negative",
    "21, 101, LA17108-4, 1, negative",
    "22, 100, LA9340-6, 2, positive",
    "22, 101, LA6560-2, 2, positive",
    "22, 100, LA9343-0, 3, positive"
  })
  void qsofa(int respiration, int systolic, String consciousness, int score, String outcome) {
    Chart chart =
        new Chart("male", 70)
            .measured("9279-1", "" + respiration, "/min")
            .bloodPressure(systolic, 60)
            .coded("67775-7", Chart.LOINC, consciousness);

    JsonNode result = result("qsofa", chart);

    assertThat(result.path("score").asInt(-1)).isEqualTo(score);
    assertThat(result.path("outcome").asString()).isEqualTo(outcome);
  }
}
