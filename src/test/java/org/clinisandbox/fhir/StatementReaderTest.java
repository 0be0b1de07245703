package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.fhir.Samples.bundle;
import static org.clinisandbox.fhir.Samples.entry;
import static org.clinisandbox.fhir.Samples.patient;
import static org.clinisandbox.fhir.Samples.subject;

import java.time.Instant;
import java.util.List;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.StatementFact.Kind;
import org.clinisandbox.fhir.StatementFact.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class StatementReaderTest {
  private static final String STATUS =
      ",'%s':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/%s','code':'%s'}]}";
  private static final String METFORMIN =
      "'coding':[{'system':'http://www.nlm.nih.gov/research/umls/rxnorm','code':'6809'}]";
  private static final Coding METFORMIN_CODE =
      new Coding("http://www.nlm.nih.gov/research/umls/rxnorm", "6809", null);

  @ParameterizedTest
  @CsvSource({
    "active, confirmed, false, HOLDS",
    "recurrence, , false, HOLDS",
    "relapse, , false, HOLDS",
    "active, , true, HOLDS",
    ", , false, HOLDS",
    ", confirmed, true, PAST",
    "inactive, confirmed, false, PAST",
    "remission, , false, PAST",
    "resolved, , true, PAST",
    "active, unconfirmed, false, UNSURE",
    "active, provisional, false, UNSURE",
    "resolved, differential, true, UNSURE",
    "active, refuted, false, DENIED",
    ", entered-in-error, false, VOID"
  })
  void a_condition_stands_by_its_two_statuses(
      String clinical, String verification, boolean abated, Standing expected) {
    String more =
        (clinical == null ? "" : STATUS.formatted("clinicalStatus", "condition-clinical", clinical))
            + (verification == null
                ? ""
                : STATUS.formatted("verificationStatus", "condition-ver-status", verification))
            + (abated ? ",'abatementAge':{'value':5}" : "");

    assertThat(only(bundle(resource("Condition", more))).standing()).isEqualTo(expected);
  }

  @Test
  void a_status_of_another_code_system_says_nothing() {
    String local = ",'verificationStatus':{'coding':[{'system':'http://x','code':'refuted'}]}";

    assertThat(only(bundle(resource("Condition", local))).standing()).isEqualTo(Standing.HOLDS);
  }

  @ParameterizedTest
  @CsvSource({
    "active, HOLDS",
    "completed, PAST",
    "stopped, PAST",
    "not-taken, DENIED",
    "intended, UNSURE",
    "on-hold, UNSURE",
    "unknown, UNSURE",
    "made-up, UNSURE",
    "entered-in-error, VOID"
  })
  void a_medication_statement_stands_by_its_status(String status, Standing expected) {
    String more = ",'status':'" + status + "','effectivePeriod':{'end':'2001-01-01'}";

    assertThat(only(bundle(resource("MedicationStatement", more))).standing()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "active, order, false, HOLDS",
    "active, original-order, false, HOLDS",
    "active, reflex-order, false, HOLDS",
    "active, filler-order, false, HOLDS",
    "active, instance-order, false, HOLDS",
    "active, proposal, false, UNSURE",
    "active, plan, false, UNSURE",
    "active, option, false, UNSURE",
    "active, order, true, DENIED",
    "completed, order, false, PAST",
    "stopped, order, false, PAST",
    "draft, order, false, UNSURE",
    "on-hold, order, false, UNSURE",
    "unknown, order, false, UNSURE",
    "cancelled, order, false, VOID",
    "entered-in-error, order, true, VOID"
  })
  void a_medication_request_stands_by_its_status_and_intent(
      String status, String intent, boolean not, Standing expected) {
    String more =
        ",'status':'%s','intent':'%s'%s"
            .formatted(status, intent, not ? ",'doNotPerform':true" : "");

    assertThat(only(bundle(resource("MedicationRequest", more))).standing()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Condition | ,'onsetDateTime':'2020-02','recordedDate':'2021' | 2020-02-01T00:00:00Z",
        "Condition | ,'onsetPeriod':{'start':'2020'},'recordedDate':'2021' | 2020-01-01T00:00:00Z",
        "Condition | ,'onsetAge':{'value':5},'recordedDate':'2021' | 2021-01-01T00:00:00Z",
        "Condition | ,'onsetString':'youth' | ",
        "MedicationStatement | ,'effectiveDateTime':'2020','dateAsserted':'2021' | 2020-01-01T00:00:00Z",
        "MedicationStatement | ,'effectivePeriod':{'start':'2020','end':'2022'} | 2020-01-01T00:00:00Z",
        "MedicationStatement | ,'effectivePeriod':{'end':'2022'},'dateAsserted':'2021' | 2021-01-01T00:00:00Z",
        "MedicationRequest | ,'authoredOn':'2020-01-02T03:04:05+01:00' | 2020-01-02T02:04:05Z",
        "MedicationRequest | ,'language':'en' | "
      })
  void it_is_so_since_its_onset_or_since_it_was_written_down(
      String type, String more, Instant expected) {
    assertThat(only(bundle(resource(type, more.strip()))).effective()).isEqualTo(expected);
  }

  @Test
  void a_condition_keeps_its_codings_and_its_subject() {
    JsonNode bundle =
        bundle(
            patient(""),
            resource("Condition", ",'code':{" + METFORMIN + "}" + subject("Patient/p1")),
            resource("Condition", subject("Patient/other")));

    assertThat(BundleCheck.facts(bundle).statements())
        .containsExactly(
            new StatementFact(
                Kind.CONDITION,
                "Condition/s",
                List.of(METFORMIN_CODE),
                Standing.HOLDS,
                null,
                Subject.PATIENT),
            new StatementFact(
                Kind.CONDITION, "Condition/s", List.of(), Standing.HOLDS, null, Subject.OTHER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'medicationCodeableConcept':{%s}",
        "'medicationReference':{'reference':'#m'},'contained':[{'resourceType':'Medication',"
            + "'id':'m','code':{%s}}]",
        "'medicationReference':{'reference':'urn:uuid:1b4e28ba-2fa1-41d2-883f-0016d3cca427'}",
        "'medicationReference':{'reference':'Medication/met'}",
        "'medicationReference':{'reference':'Medication/met/_history/2'}",
        "'medicationReference':{'reference':'Medication?identifier=urn:x|9'}",
        "'medicationReference':{'type':'Medication','identifier':{'system':'urn:x','value':'9'}}"
      })
  void a_medication_is_found_wherever_it_stands(String medication) {
    JsonNode bundle =
        bundle(
            resource("MedicationStatement", "," + medication.replace("%s", METFORMIN)),
            resource("MedicationRequest", "," + medication.replace("%s", METFORMIN)),
            entry(
                "urn:uuid:1b4e28ba-2fa1-41d2-883f-0016d3cca427",
                "{'resourceType':'Medication','id':'met','identifier':[{'system':'urn:x',"
                    + "'value':'9'}],'code':{"
                    + METFORMIN
                    + "}}"));

    assertThat(BundleCheck.facts(bundle).statements())
        .hasSize(2)
        .allSatisfy(
            fact -> {
              assertThat(fact.kind()).isEqualTo(Kind.MEDICATION);
              assertThat(fact.codes()).containsExactly(METFORMIN_CODE);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'reference':'Medication/other'}",
        "{'reference':'#nothing'}",
        "{'reference':'http://other.example/Medication/met'}",
        "{'display':'Metformin'}",
        "{'reference':'Patient/p1'}"
      })
  void a_medication_that_is_not_there_has_no_code(String reference) {
    JsonNode bundle =
        bundle(
            patient(""),
            resource("MedicationStatement", ",'medicationReference':" + reference),
            entry(
                "http://a.example/Medication/met",
                "{'resourceType':'Medication','id':'met','code':{" + METFORMIN + "}}"));

    assertThat(only(bundle).codes()).isEmpty();
  }

  @Test
  void contained_statements_count_too() {
    JsonNode bundle =
        bundle(
            entry(
                "urn:uuid:x",
                "{'resourceType':'Encounter','id':'e','contained':["
                    + "{'resourceType':'Condition','id':'c'},"
                    + "{'resourceType':'MedicationStatement','id':'m','medicationReference':"
                    + "{'reference':'#d'}},{'resourceType':'Medication','id':'d','code':{"
                    + METFORMIN
                    + "}}]}"));

    assertThat(BundleCheck.facts(bundle).statements())
        .extracting(StatementFact::source)
        .containsExactly("Encounter/e#c", "Encounter/e#m");
    assertThat(BundleCheck.facts(bundle).statements().getLast().codes())
        .containsExactly(METFORMIN_CODE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Condition", "MedicationStatement", "MedicationRequest"})
  void without_a_patient_statements_name_one_too(String type) {
    JsonNode bundle =
        bundle(
            resource(type, subject("Patient/a")),
            Samples.observation(1, subject("Patient/a")),
            resource(type, subject("Patient/b")));

    assertThat(new Subjects(bundle).otherPatients())
        .extracting(Finding::expression)
        .containsExactly("Bundle.entry[2].resource.subject");
    assertThat(BundleCheck.facts(bundle).statements())
        .extracting(StatementFact::subject)
        .containsExactly(Subject.PATIENT, Subject.OTHER);
  }

  private static String resource(String type, String more) {
    return entry("urn:uuid:s", "{'resourceType':'" + type + "','id':'s'" + more + "}");
  }

  private static StatementFact only(JsonNode bundle) {
    List<StatementFact> facts = BundleCheck.facts(bundle).statements();
    assertThat(facts).hasSize(1);
    return facts.getFirst();
  }
}
