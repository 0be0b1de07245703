package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.fhir.Samples.bundle;
import static org.clinisandbox.fhir.Samples.entry;
import static org.clinisandbox.fhir.Samples.observation;
import static org.clinisandbox.fhir.Samples.patient;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FactsReaderTest {
  private static final String COMPONENTS =
      ",'component':[{'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]},"
          + "'valueQuantity':{'value':120}},"
          + "{'code':{'text':'diastolic'},'dataAbsentReason':{'coding':[{'code':'not-performed'}]}}]";

  @Test
  void the_patient_has_a_source_a_gender_and_a_birth_date() {
    assertThat(read(bundle(patient(",'gender':'female','birthDate':'1950-03'"))).patient())
        .isEqualTo(
            new PatientFact(
                "Patient/p1",
                "female",
                new PatientFact.BirthDate(
                    LocalDate.parse("1950-03-01"), LocalDate.parse("1950-03-31")),
                null));
  }

  @Test
  void a_patient_without_an_id_is_named_by_its_place() {
    JsonNode bundle = bundle(observation(1, ""), entry("urn:uuid:x", "{'resourceType':'Patient'}"));

    assertThat(read(bundle).patient())
        .isEqualTo(new PatientFact("Bundle.entry[1].resource", null, null, null));
  }

  @Test
  void a_bundle_without_a_patient_has_none() {
    assertThat(read(bundle(observation(1, ""))).patient()).isNull();
  }

  @Test
  void an_observation_keeps_its_status_and_every_coding() {
    JsonNode bundle =
        bundle(
            entry(
                "urn:uuid:x",
                "{'resourceType':'Observation','status':'entered-in-error','code':{'coding':["
                    + "{'system':'http://loinc.org','code':'2708-6','display':'O2'},"
                    + "{'system':'http://loinc.org','code':'59408-5'},{'display':'only words'}]}}"));

    ObservationFact fact = only(bundle);

    assertThat(fact.source()).isEqualTo("Bundle.entry[0].resource");
    assertThat(fact.status()).isEqualTo("entered-in-error");
    assertThat(fact.codes())
        .containsExactly(
            new Coding(Coding.LOINC, "2708-6", "O2"),
            new Coding(Coding.LOINC, "59408-5", null),
            new Coding(null, null, "only words"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'effectiveDateTime':'2026-01-02T03:04:05+01:00' | 2026-01-02T02:04:05Z",
        "'effectiveDateTime':'2026-01-02' | 2026-01-02T00:00:00Z",
        "'effectiveDateTime':'2026' | 2026-01-01T00:00:00Z",
        "'effectiveInstant':'2026-01-02T03:04:05.678Z' | 2026-01-02T03:04:05.678Z",
        "'effectivePeriod':{'start':'2026-01-01','end':'2026-01-03'} | 2026-01-03T00:00:00Z",
        "'effectivePeriod':{'start':'2026-01-01'} | 2026-01-01T00:00:00Z",
        "'effectivePeriod':{'end':'2026-01-03'} | 2026-01-03T00:00:00Z",
        "'effectivePeriod':{} | ",
        "'effectiveTiming':{'event':['2026-01-05','2026-01-09','nonsense','2026-01-07']}"
            + " | 2026-01-09T00:00:00Z",
        "'effectiveTiming':{'event':[]} | ",
        "'effectiveTiming':{'code':{'text':'BID'}} | ",
        "'effectiveTiming':{'repeat':{'boundsPeriod':{'start':'2026-01-05'}}}"
            + " | 2026-01-05T00:00:00Z",
        "'effectiveDateTime':'2026-01-02T24:00:00Z' | ",
        "'effectiveDateTime':20260102 | ",
        "'language':'en' | "
      })
  void the_effective_time_is_the_one_that_counts_for_newest(String effective, Instant expected) {
    assertThat(only(bundle(observation(1, "," + effective.strip()))).effective())
        .isEqualTo(expected);
  }

  @Test
  void issued_is_kept_apart() {
    ObservationFact fact =
        only(bundle(observation(1, ",'issued':'2026-01-02T03:04:05.678+02:00'")));

    assertThat(fact.issued()).isEqualTo(Instant.parse("2026-01-02T01:04:05.678Z"));
    assertThat(fact.effective()).isNull();
  }

  @Test
  void a_quantity_is_kept_as_written() {
    assertThat(
            value(
                "'valueQuantity':{'value':1.50,'comparator':'<','unit':'mg','system':'s','code':'c'}"))
        .isEqualTo(new Value.Quantity(new BigDecimal("1.50"), "<", "mg", "s", "c"));
  }

  @Test
  void an_integer_is_a_quantity_without_a_unit() {
    assertThat(value("'valueInteger':15"))
        .isEqualTo(new Value.Quantity(BigDecimal.valueOf(15), null, null, null, null));
  }

  @Test
  void a_concept_keeps_its_codings_and_text() {
    assertThat(value("'valueCodeableConcept':{'coding':[{'system':'s','code':'c'}],'text':'t'}"))
        .isEqualTo(new Value.Coded(List.of(new Coding("s", "c", null)), "t"));
    assertThat(value("'valueCodeableConcept':{'text':'t'}"))
        .isEqualTo(new Value.Coded(List.of(), "t"));
  }

  @Test
  void strings_and_booleans_are_kept() {
    assertThat(value("'valueString':'words'")).isEqualTo(new Value.Text("words"));
    assertThat(value("'valueBoolean':true")).isEqualTo(new Value.Truth(true));
  }

  @ParameterizedTest
  @CsvSource({
    "SampledData, {}",
    "Ratio, {}",
    "Range, {}",
    "DateTime, '2026'",
    "Time, '12:00:00'",
    "Period, {}"
  })
  void any_other_value_is_named_by_its_type(String type, String json) {
    assertThat(value("'value" + type + "':" + (json.startsWith("{") ? json : "'" + json + "'")))
        .isEqualTo(new Value.Other(type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'dataAbsentReason':{'coding':[{'system':'x','code':'local'},"
            + "{'system':'http://terminology.hl7.org/CodeSystem/data-absent-reason','code':'masked'}]}",
        "'dataAbsentReason':{'coding':[{'code':'masked'}]}",
        "'valueQuantity':{'unit':'mg','extension':[{'url':"
            + "'http://hl7.org/fhir/StructureDefinition/data-absent-reason','valueCode':'masked'}]}",
        "'_valueString':{'extension':[{'url':"
            + "'http://hl7.org/fhir/StructureDefinition/data-absent-reason','valueCode':'masked'}]}",
        "'valueQuantity':{'unit':'mg','_value':{'extension':[{'url':"
            + "'http://hl7.org/fhir/StructureDefinition/data-absent-reason','valueCode':'masked'}]}}",
        "'valueCodeableConcept':{'extension':[{'url':"
            + "'http://hl7.org/fhir/StructureDefinition/data-absent-reason','valueCode':'masked'}]}"
      })
  void an_absent_value_keeps_the_code_of_its_reason(String absent) {
    assertThat(value(absent)).isEqualTo(new Value.Absent("masked"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'language':'en'",
        "'dataAbsentReason':{'text':'lost'}",
        "'dataAbsentReason':{'coding':[{'system':'x'}]}",
        "'valueQuantity':{'unit':'mg'}",
        "'value':5"
      })
  void a_value_may_be_absent_without_a_reason(String absent) {
    assertThat(value(absent)).isEqualTo(new Value.Absent(null));
  }

  @Test
  void a_component_counts_like_an_observation_and_the_panel_itself_does_not() {
    JsonNode bundle =
        bundle(
            observation(1, COMPONENTS + ",'effectiveDateTime':'2026-01-02','issued':'2026-01-03'"));

    List<ObservationFact> facts = read(bundle).observations();

    assertThat(facts)
        .extracting(ObservationFact::source)
        .containsExactly("Observation/o1.component[0]", "Observation/o1.component[1]");
    assertThat(facts.getFirst())
        .isEqualTo(
            new ObservationFact(
                "Observation/o1.component[0]",
                "final",
                List.of(new Coding(Coding.LOINC, "8480-6", null)),
                new Value.Quantity(BigDecimal.valueOf(120), null, null, null, null),
                Instant.parse("2026-01-02T00:00:00Z"),
                Instant.parse("2026-01-03T00:00:00Z"),
                ObservationFact.Subject.UNSTATED));
    assertThat(facts.getLast().value()).isEqualTo(new Value.Absent("not-performed"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {",'valueString':'both'", ",'dataAbsentReason':{'coding':[{'code':'error'}]}"})
  void a_panel_that_says_something_of_its_own_is_a_fact_too(String own) {
    assertThat(read(bundle(observation(1, COMPONENTS + own))).observations()).hasSize(3);
  }

  @Test
  void contained_observations_count_too_and_say_where_they_stand() {
    String contained =
        ",'contained':[{'resourceType':'Patient','id':'me'},{'resourceType':'Observation',"
            + "'id':'obs1','subject':{'reference':'#me'},'component':[{'valueInteger':1}]},"
            + "{'resourceType':'Observation','valueInteger':2}]}";
    JsonNode bundle =
        bundle(
            entry("urn:uuid:x", "{'resourceType':'DiagnosticReport','id':'dr1'" + contained),
            entry("urn:uuid:y", "{'resourceType':'DiagnosticReport'" + contained));

    assertThat(read(bundle).observations())
        .extracting(ObservationFact::source)
        .containsExactly(
            "DiagnosticReport/dr1#obs1.component[0]",
            "Bundle.entry[0].resource.contained[2]",
            "Bundle.entry[1].resource.contained[1].component[0]",
            "Bundle.entry[1].resource.contained[2]");
    assertThat(read(bundle).observations().getFirst().subject())
        .isEqualTo(ObservationFact.Subject.PATIENT);
  }

  @Test
  void what_a_patient_contains_may_name_its_container() {
    JsonNode bundle =
        bundle(
            patient(
                ",'contained':[{'resourceType':'Observation','id':'o','subject':"
                    + "{'reference':'#'}}]"));

    assertThat(only(bundle).subject()).isEqualTo(ObservationFact.Subject.PATIENT);
  }

  @Test
  void observations_of_inner_bundles_are_no_facts() {
    JsonNode bundle =
        bundle(
            entry(
                "urn:uuid:y",
                "{'resourceType':'Bundle','entry':[{'resource':{'resourceType':'Observation'}}]}"));

    assertThat(read(bundle).observations()).isEmpty();
  }

  @Test
  void the_head_of_a_panel_of_members_states_nothing() {
    String members = ",'hasMember':[{'reference':'Observation/o2'}]";

    assertThat(read(bundle(observation(1, members))).observations()).isEmpty();
    assertThat(read(bundle(observation(1, members + ",'valueString':'x'"))).observations())
        .hasSize(1);
  }

  @Test
  void a_thousand_contained_resources_are_read_in_proportion() {
    StringBuilder contained =
        new StringBuilder(",'contained':[{'resourceType':'Patient','id':'me'");
    contained.append(",'identifier':[{'value':'x'}");
    for (int i = 0; i < 20_000; i++) {
      contained.append(",{'value':'").append(i).append("'}");
    }
    contained.append("]}");
    for (int i = 0; i < 20_000; i++) {
      contained.append(",{'resourceType':'Observation','subject':{'reference':'#me'}}");
    }
    contained.append("]");

    for (String patient : new String[] {patient(",'identifier':[{'value':'x'}]"), null}) {
      String holder = observation(1, contained.toString());
      JsonNode bundle = patient == null ? bundle(holder) : bundle(patient, holder);

      assertThat(read(bundle).observations())
          .filteredOn(fact -> fact.subject() == ObservationFact.Subject.PATIENT)
          .hasSize(20_000);
    }
  }

  private static Facts read(JsonNode bundle) {
    return new FactsReader(new Subjects(bundle), bundle).facts();
  }

  private static ObservationFact only(JsonNode bundle) {
    List<ObservationFact> facts = read(bundle).observations();
    assertThat(facts).hasSize(1);
    return facts.getFirst();
  }

  private static Value value(String property) {
    return only(bundle(observation(1, "," + property))).value();
  }
}
