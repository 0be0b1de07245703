package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.obs;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.fhir.R4;
import org.clinisandbox.registry.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class FhirAnswerTest {
  private static final FhirAnswer.Turn TURN =
      new FhirAnswer.Turn("g-1", "negotiation-1", "Patient/p", NOW, Given.ENGLISH);
  private static final Manifest MODEL =
      Given.manifest(
          """
          population: { age: { low: 16 } }
          required_patient: [age, sex]
          required_observations:
            - { name: temperature, code: "8310-5", accepts: ["8331-1"], display: Body temperature, unit: Cel,
                range: { low: 25, high: 45 }, max_age: PT24H, answered_by: nurse }
            - { name: consciousness, code: "67775-7", display: Level of responsiveness, max_age: P7D,
                coded: { allowed: [ { system: "http://loinc.org", code: LA9340-6, display: Alert, value: alert } ] } }
            - { name: score, code: "9269-2", mandatory: false }
          """);
  private static final Given.Obs WARM = obs("t", "8310-5", "37", "Cel");

  /** A bundle for each reason that an observation can be refused for. */
  private static final Map<Reason, List<Given.Obs>> BUNDLES = new LinkedHashMap<>();

  static {
    BUNDLES.put(Reason.MISSING, List.of());
    BUNDLES.put(Reason.STATUS, List.of(WARM.status("preliminary")));
    BUNDLES.put(Reason.DATA_ABSENT, List.of(obs("t", "8310-5", new Value.Absent("masked"))));
    BUNDLES.put(Reason.WRONG_SUBJECT, List.of(WARM.of(Subject.OTHER)));
    BUNDLES.put(Reason.CONFLICT, List.of(WARM, obs("u", "8310-5", "38", "Cel")));
    BUNDLES.put(Reason.FUTURE, List.of(WARM.at(NOW.plus(Duration.ofDays(1)))));
    BUNDLES.put(Reason.STALE, List.of(WARM.ago(Duration.ofDays(2))));
    BUNDLES.put(
        Reason.COMPARATOR,
        List.of(
            obs(
                "t",
                "8310-5",
                new Value.Quantity(BigDecimal.TEN, "<", "Cel", Coding.UCUM, "Cel"))));
    BUNDLES.put(Reason.NOT_A_NUMBER, List.of(obs("t", "8310-5", new Value.Text("warm"))));
    BUNDLES.put(Reason.UNIT, List.of(obs("t", "8310-5", "37", "kg")));
    BUNDLES.put(Reason.IMPLAUSIBLE, List.of(obs("t", "8310-5", "99", "Cel")));
  }

  private static Verdict verdict(Reason reason) {
    if (reason == Reason.OUT_OF_POPULATION) {
      return negotiate(MODEL, Given.facts(Given.born("2020-01-01"), List.of()));
    }
    return negotiate(MODEL, Objects.requireNonNull(BUNDLES.get(reason)).toArray(Given.Obs[]::new));
  }

  private static ObjectNode guidance(Verdict verdict) {
    return FhirAnswer.guidanceResponse(verdict, MODEL, TURN);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void every_resource_is_valid_r4_for_every_reason(Reason reason) {
    Verdict verdict = verdict(reason);
    assertThat(Given.gaps(verdict)).extracting(Gap::reason).contains(reason);
    assertThat(R4.errors(guidance(verdict))).isEmpty();
    assertThat(R4.errors(FhirAnswer.operationOutcome(verdict))).isEmpty();
    ObjectNode questionnaire = FhirAnswer.questionnaire(Given.gaps(verdict), MODEL, Given.ENGLISH);
    if (questionnaire != null) {
      assertThat(R4.errors(questionnaire)).isEmpty();
    }
  }

  @Test
  void facts_of_the_patient_are_valid_r4_too() {
    Verdict verdict = negotiate(MODEL, Given.facts(null, List.of()));
    assertThat(R4.errors(guidance(verdict))).isEmpty();
    assertThat(
            R4.errors(
                Objects.requireNonNull(
                    FhirAnswer.questionnaire(Given.gaps(verdict), MODEL, Given.ENGLISH))))
        .isEmpty();
  }

  @Test
  void the_validator_sees_what_is_wrong() {
    ObjectNode broken = guidance(verdict(Reason.MISSING));
    broken.remove("evaluationMessage");
    assertThat(R4.errors(broken)).anyMatch(error -> error.contains("dom-3"));
    assertThat(R4.errors(guidance(verdict(Reason.MISSING)).put("status", "wanting"))).isNotEmpty();
  }

  @Test
  void the_status_follows_the_verdict() {
    Given.Obs alert = obs("c", "67775-7", new Value.Text("alert"));
    Verdict optional = negotiate(MODEL, WARM, alert);
    assertThat(guidance(optional).path("status").asString()).isEqualTo("data-requested");
    assertThat(guidance(verdict(Reason.STALE)).path("status").asString())
        .isEqualTo("data-required");
    assertThat(guidance(verdict(Reason.OUT_OF_POPULATION)).path("status").asString())
        .isEqualTo("failure");
    ObjectNode success = guidance(negotiate(MODEL, WARM, alert, obs("s", "9269-2", "15", null)));
    assertThat(success.path("status").asString()).isEqualTo("success");
    assertThat(success.has("contained")).isFalse();
    assertThat(R4.errors(success)).isEmpty();
    assertThat(R4.errors(guidance(optional))).isEmpty();
  }

  @Test
  void an_answer_names_model_negotiation_and_patient() {
    ObjectNode guidance = guidance(verdict(Reason.MISSING));
    assertThat(guidance.path("id").asString()).isEqualTo("g-1");
    assertThat(guidance.at("/requestIdentifier/value").asString()).isEqualTo("negotiation-1");
    assertThat(guidance.path("moduleCanonical").asString())
        .isEqualTo("urn:clinisandbox:model:m|1.2.0");
    assertThat(guidance.at("/subject/reference").asString()).isEqualTo("Patient/p");
    assertThat(guidance.at("/occurrenceDateTime").asString()).isEqualTo("2026-11-21T12:00:00Z");
    ObjectNode unknown =
        FhirAnswer.guidanceResponse(
            verdict(Reason.MISSING),
            MODEL,
            new FhirAnswer.Turn("g", "n", null, NOW, Given.ENGLISH));
    assertThat(unknown.has("subject")).isFalse();
    assertThat(R4.errors(unknown)).isEmpty();
  }

  @Test
  void a_data_requirement_says_which_codes_unit_and_age() {
    assertThat(json(guidance(verdict(Reason.STALE)).at("/dataRequirement/0").toString()))
        .isEqualTo(
            json(
                """
                {"id": "temperature",
                 "extension": [
                   {"url": "urn:clinisandbox:extension:mandatory", "valueBoolean": true},
                   {"url": "urn:clinisandbox:extension:unit", "valueCode": "Cel"}],
                 "type": "Observation", "mustSupport": ["code", "value", "effective"],
                 "codeFilter": [{"path": "code", "code": [
                   {"system": "http://loinc.org", "code": "8310-5"},
                   {"system": "http://loinc.org", "code": "8331-1"}]}],
                 "dateFilter": [{"path": "effective", "valueDuration":
                   {"value": 24, "system": "http://unitsofmeasure.org", "code": "h"}}],
                 "limit": 1}
                """));
    JsonNode coded = guidance(verdict(Reason.STALE)).at("/dataRequirement/1");
    assertThat(coded.at("/codeFilter/1/code/0/code").asString()).isEqualTo("LA9340-6");
    assertThat(coded.at("/dateFilter/0/valueDuration/code").asString()).isEqualTo("d");
  }

  @Test
  void a_question_carries_what_extraction_needs() {
    JsonNode items =
        Objects.requireNonNull(
                FhirAnswer.questionnaire(
                    Given.gaps(negotiate(MODEL, Given.facts(null, List.of()))),
                    MODEL,
                    Given.ENGLISH))
            .path("item");
    assertThat(json(items.get(2).toString()))
        .isEqualTo(
            json(
                """
                {"linkId": "temperature",
                 "extension": [
                   {"url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-observationExtract",
                    "valueBoolean": true},
                   {"url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-observationLinkPeriod",
                    "valueDuration": {"value": 24, "system": "http://unitsofmeasure.org", "code": "h"}},
                   {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unit",
                    "valueCoding": {"system": "http://unitsofmeasure.org", "code": "Cel", "display": "°C"}}],
                 "code": [{"system": "http://loinc.org", "code": "8310-5", "display": "Body temperature"}],
                 "type": "decimal", "text": "Body temperature: what is it now, in °C?", "required": true}
                """));
    assertThat(items.values())
        .extracting(item -> item.path("linkId").asString() + " " + item.path("type").asString())
        .containsExactly(
            "age date",
            "sex choice",
            "temperature decimal",
            "consciousness choice",
            "score quantity");
    assertThat(items.at("/0/definition").asString()).endsWith("Patient#Patient.birthDate");
    assertThat(items.at("/1/answerOption").size()).isEqualTo(3);
    assertThat(items.at("/3/answerOption/0/valueCoding/code").asString()).isEqualTo("LA9340-6");
    assertThat(items.at("/4/required").asBoolean()).isFalse();
  }

  private static JsonNode items(Manifest manifest) {
    ObjectNode questionnaire =
        Objects.requireNonNull(
            FhirAnswer.questionnaire(
                Given.gaps(negotiate(manifest, Given.facts(null, List.of()))),
                manifest,
                Given.ENGLISH));
    assertThat(R4.errors(questionnaire)).isEmpty();
    return questionnaire.path("item");
  }

  @Test
  void a_group_is_not_required_since_it_has_no_value() {
    JsonNode group =
        items(
                Given.manifest(
                    """
                    required_observations:
                      - { name: acr, code: "9318-7", unit: mg/g }
                      - { name: pcr, code: "2890-2", unit: mg/g }
                    any_of: [ { name: albuminuria, inputs: [acr, pcr] } ]
                    """))
            .get(0);
    assertThat(group.path("type").asString()).isEqualTo("group");
    assertThat(group.path("required").asBoolean()).isFalse();
    assertThat(group.path("item"))
        .hasSize(2)
        .noneMatch(option -> option.path("required").asBoolean());
  }

  @Test
  void the_time_of_a_value_is_required_once_there_is_a_value() {
    JsonNode series =
        items(Given.needing("2160-0", "unit: mg/dL, count: 2, spacing: PT48H")).get(0);
    assertThat(series.path("repeats").asBoolean()).isTrue();
    assertThat(series.path("item").get(0))
        .isEqualTo(
            json(
                """
                {"linkId": "x.at", "text": "When was it measured?", "type": "dateTime", "required": true,
                 "enableWhen": [{"question": "x", "operator": "exists", "answerBoolean": true}]}
                """));
  }

  @Test
  void a_value_that_several_code_systems_name_is_offered_in_the_first_one() {
    JsonNode choice =
        items(
                Given.needing(
                    "67775-7",
                    """
                    coded: { allowed: [
                      { system: "http://loinc.org", code: LA9340-6, display: Alert, value: alert },
                      { system: "http://loinc.org", code: LA9343-0, display: Unresponsive, value: none },
                      { system: "http://snomed.info/sct", code: "422768004", display: Unresponsive, value: none },
                      { system: "http://snomed.info/sct", code: "450847001", display: Responds to pain, value: pain } ] }
                    """))
            .get(0);
    assertThat(choice.path("answerOption"))
        .extracting(option -> option.at("/valueCoding/code").asString())
        .containsExactly("LA9340-6", "LA9343-0", "450847001");
  }

  @Test
  void issues_have_the_code_of_their_situation() {
    assertThat(issueCode(Reason.MISSING)).isEqualTo("required");
    assertThat(issueCode(Reason.STALE)).isEqualTo("business-rule");
    assertThat(issueCode(Reason.CONFLICT)).isEqualTo("conflict");
    assertThat(issueCode(Reason.COMPARATOR)).isEqualTo("not-supported");
    assertThat(issueCode(Reason.UNIT)).isEqualTo("value");
    assertThat(issueCode(Reason.OUT_OF_POPULATION)).isEqualTo("business-rule");
    assertThat(
            FhirAnswer.operationOutcome(negotiate(MODEL, obs("t", "8310-5", "37", "warmth")))
                .at("/issue/0/code")
                .asString())
        .isEqualTo("code-invalid");
  }

  private static String issueCode(Reason reason) {
    return FhirAnswer.operationOutcome(verdict(reason)).at("/issue/0/code").asString();
  }

  @Test
  void an_optional_gap_is_information_only() {
    JsonNode issues = FhirAnswer.operationOutcome(verdict(Reason.STALE)).path("issue");
    assertThat(issues.values())
        .extracting(
            issue -> issue.path("severity").asString() + " " + issue.path("code").asString())
        .containsExactly("error business-rule", "error required", "information informational");
  }

  @Test
  void gaps_and_inputs_have_the_contracts_shape() {
    Verdict verdict = negotiate(MODEL, obs("t", "8310-5", "103", "[degF]"));
    assertThat(GapJson.gaps(Given.gaps(verdict), Given.ENGLISH).get(0))
        .isEqualTo(
            json(
                """
                {"kind": "observation", "name": "consciousness", "system": "http://loinc.org",
                 "code": "67775-7", "display": "Level of responsiveness", "accepts": [], "unit": null,
                 "mandatory": true, "reason": "missing",
                 "detail": "The bundle has no observation of this.",
                 "ask": "Level of responsiveness: what is it now (alert)?", "answered_by": "clinician"}
                """));
    assertThat(json(GapJson.inputs(Given.inputs(verdict)).toString()))
        .isEqualTo(
            json(
                """
                [{"name": "age", "value": 67, "unit": "a", "source": "Patient/p"},
                 {"name": "sex", "value": "female", "source": "Patient/p"},
                 {"name": "temperature", "code": "8310-5", "value": 39.4444444444444, "unit": "Cel",
                  "source": "Observation/t", "effective": "2026-11-21T11:00:00Z",
                  "expires": "2026-11-22T11:00:00Z", "converted_from": "103 [degF]"}]
                """));
    JsonNode outside =
        GapJson.gaps(Given.gaps(verdict(Reason.OUT_OF_POPULATION)), Given.ENGLISH).get(0);
    assertThat(outside.path("kind").asString()).isEqualTo("patient");
    assertThat(outside.get("code").isNull()).isTrue();
    assertThat(outside.has("ask")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void all_forms_name_the_same_gaps(Reason reason) {
    FormsAgree.check(verdict(reason), MODEL);
  }

  /** Through text and back, so that trees are equal when their text is. */
  private static JsonNode json(String text) {
    return JsonMapper.builder()
        .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .build()
        .readTree(text);
  }
}
