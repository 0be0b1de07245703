package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.born;
import static org.clinisandbox.negotiation.Given.gaps;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.onlyGap;
import static org.clinisandbox.negotiation.Given.onlyInput;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.PatientFact;
import org.clinisandbox.fhir.PatientFact.BirthDate;
import org.clinisandbox.registry.Manifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The time of evaluation is 2026-11-21. */
class PatientFactsTest {
  private static final Manifest AGE = Given.manifest("required_patient: [age]");
  private static final Manifest SEX = Given.manifest("required_patient: [sex]");
  private static final Manifest ADULTS =
      Given.manifest("population: { age: { low: 16, high: 79 } }");
  private static final Manifest WOMEN = Given.manifest("population: { sex: [female] }");

  private static Facts of(@Nullable PatientFact patient) {
    return Given.facts(patient, List.of());
  }

  private static Facts bornBetween(String earliest, String latest) {
    return of(
        new PatientFact(
            "Patient/p",
            null,
            new BirthDate(LocalDate.parse(earliest), LocalDate.parse(latest)),
            null));
  }

  private static Facts gender(@Nullable String gender) {
    return of(new PatientFact("Patient/p", gender, null, null));
  }

  @ParameterizedTest
  @CsvSource({
    "2000-11-21, 26",
    "2000-11-22, 25",
    "2026-11-21, 0",
    "2026-11-22, 0",
    "2004-02-29, 22"
  })
  void age_is_completed_years(String birth, int years) {
    assertThat(onlyInput(negotiate(AGE, of(born(birth)))))
        .isEqualTo(
            new Input(
                "age",
                new Input.Value.Numeric(BigDecimal.valueOf(years)),
                "a",
                null,
                "Patient/p",
                null,
                null,
                null,
                List.of()));
  }

  @Test
  void a_partial_date_of_birth_will_do_when_it_leaves_no_doubt() {
    assertThat(onlyInput(negotiate(AGE, bornBetween("1960-03-01", "1960-03-31"))).value())
        .isEqualTo(new Input.Value.Numeric(BigDecimal.valueOf(66)));
    Gap gap = onlyGap(negotiate(AGE, bornBetween("1960-01-01", "1960-12-31")));
    assertThat(gap.reason()).isEqualTo(Reason.MISSING);
    assertThat(gap.ask(Given.ENGLISH)).isEqualTo("What is the patient's full date of birth?");
    assertThat(gap.detail()).contains("full date");
  }

  @ParameterizedTest
  @CsvSource({"2026-11-23", "1896-11-21"})
  void a_date_of_birth_that_can_not_be_is_implausible(String birth) {
    assertThat(onlyGap(negotiate(AGE, of(born(birth)))).reason()).isEqualTo(Reason.IMPLAUSIBLE);
    assertThat(onlyGap(negotiate(ADULTS, of(born(birth)))).reason()).isEqualTo(Reason.IMPLAUSIBLE);
  }

  @Test
  void a_missing_date_of_birth_or_patient_is_asked_for() {
    for (Facts facts : List.of(of(null), gender("female"))) {
      for (Manifest manifest : List.of(AGE, ADULTS)) {
        Gap gap = onlyGap(negotiate(manifest, facts));
        assertThat(gap.kind()).isEqualTo(Gap.Kind.PATIENT);
        assertThat(gap.name()).isEqualTo("age");
        assertThat(gap.reason()).isEqualTo(Reason.MISSING);
        assertThat(gap.mandatory()).isTrue();
      }
    }
    assertThat(onlyGap(negotiate(AGE, of(null))).detail())
        .isEqualTo("The bundle has no Patient resource.");
  }

  @Test
  void sex_is_administrative_gender() {
    for (String gender : List.of("female", "male", "other")) {
      assertThat(onlyInput(negotiate(SEX, gender(gender))).value())
          .isEqualTo(new Input.Value.Word(gender));
    }
  }

  @Test
  void an_unknown_sex_is_asked_for() {
    for (Facts facts : List.of(of(null), gender(null), gender("unknown"))) {
      for (Manifest manifest : List.of(SEX, WOMEN)) {
        Gap gap = onlyGap(negotiate(manifest, facts));
        assertThat(gap.name()).isEqualTo("sex");
        assertThat(gap.reason()).isEqualTo(Reason.MISSING);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2010-11-21, true", "2010-11-22, false", "1946-11-22, true", "1946-11-21, false"})
  void the_bounds_of_a_population_are_inside(String birth, boolean inside) {
    Verdict verdict = negotiate(ADULTS, of(born(birth)));
    assertThat(verdict instanceof Verdict.Ready).isEqualTo(inside);
    if (!inside) {
      assertThat(verdict).isInstanceOf(Verdict.NotApplicable.class);
      Gap gap = onlyGap(verdict);
      assertThat(gap.reason()).isEqualTo(Reason.OUT_OF_POPULATION);
      assertThat(gap.detail()).isEqualTo("The model is for patients aged 16 to 79.");
      assertThat(gap.ask(Given.ENGLISH)).isNull();
    }
  }

  @Test
  void a_partial_date_decides_the_population_when_both_its_ends_agree() {
    assertThat(negotiate(ADULTS, bornBetween("1960-01-01", "1960-12-31")))
        .isInstanceOf(Verdict.Ready.class);
    assertThat(negotiate(ADULTS, bornBetween("2015-01-01", "2015-12-31")))
        .isInstanceOf(Verdict.NotApplicable.class);
    assertThat(onlyGap(negotiate(ADULTS, bornBetween("2010-01-01", "2010-12-31"))).reason())
        .isEqualTo(Reason.MISSING);
  }

  @Test
  void another_sex_is_out_of_population() {
    for (String gender : List.of("male", "other")) {
      assertThat(negotiate(WOMEN, gender(gender))).isInstanceOf(Verdict.NotApplicable.class);
    }
    assertThat(negotiate(WOMEN, gender("female"))).isInstanceOf(Verdict.Ready.class);
  }

  @Test
  void population_is_decided_before_data_is_asked_for() {
    Manifest manifest =
        Given.manifest(
            """
            population: { age: { low: 16 }, sex: [female] }
            required_patient: [age, sex]
            required_observations: [ { name: x, code: "8310-5" } ]
            """);
    Verdict verdict = negotiate(manifest, of(born("2020-01-01")));
    assertThat(verdict).isInstanceOf(Verdict.NotApplicable.class);
    assertThat(gaps(verdict)).extracting(Gap::name).containsExactly("age");
    assertThat(gaps(negotiate(manifest, gender("male"))))
        .extracting(Gap::reason)
        .containsExactly(Reason.OUT_OF_POPULATION);
  }

  @Test
  void a_fact_that_population_and_model_both_need_is_one_gap() {
    Manifest manifest = Given.manifest("population: { age: { low: 16 } }\nrequired_patient: [age]");
    Verdict verdict = negotiate(manifest, of(null));
    assertThat(onlyGap(verdict).name()).isEqualTo("age");
    assertThat(((Verdict.DataRequired) verdict).required()).isEqualTo(1);
  }

  @Test
  void a_fact_that_only_the_population_needs_is_not_an_input() {
    assertThat(((Verdict.Ready) negotiate(ADULTS, of(born("1980-01-01")))).inputs()).isEmpty();
  }
}
