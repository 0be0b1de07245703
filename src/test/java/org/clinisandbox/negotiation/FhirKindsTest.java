package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;
import static org.clinisandbox.negotiation.Given.SNOMED;
import static org.clinisandbox.negotiation.Given.negotiate;
import static org.clinisandbox.negotiation.Given.obs;
import static org.clinisandbox.negotiation.Replies.json;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.R4;
import org.clinisandbox.fhir.StatementFact.Kind;
import org.clinisandbox.fhir.StatementFact.Standing;
import org.clinisandbox.registry.Manifest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Series, groups, statements and rules as FHIR resources and as JSON. */
class FhirKindsTest {
  private static final FhirAnswer.Turn TURN =
      new FhirAnswer.Turn("g-1", "negotiation-1", "Patient/p", NOW, Given.ENGLISH);
  private static final Manifest MODEL =
      Given.manifest(
          """
          required_patient: [race]
          required_observations:
            - { name: creatinine, code: "2160-0", display: Creatinine, unit: mg/dL, count: 2, spacing: PT48H, max_age: P90D }
            - { name: acr, code: "9318-7", accepts: ["14959-1"], display: ACR, unit: mg/g, range: { low: 0 } }
            - { name: pcr, code: "2890-2", display: PCR, unit: mg/g }
            - { name: pulse, code: "8867-4", unit: "/min" }
            - { name: oxygen, code: "3151-8", unit: "L/min", mandatory: false, default: 0 }
          required_conditions:
            - { name: diabetes, display: Diabetes, absent: "false", codes: [
                { system: "http://snomed.info/sct", code: "44054006" },
                { system: "http://snomed.info/sct", code: "46635009" } ] }
          required_medications:
            - { name: metformin, absent: ask, codes: [
                { system: "http://www.nlm.nih.gov/research/umls/rxnorm", code: "6809" } ] }
          any_of: [ { name: albuminuria, inputs: [acr, pcr] } ]
          rules: [ { name: sense, expression: "%pulse > 20", message: The pulse is too low. } ]
          """);

  private static Verdict silent() {
    return negotiate(MODEL, Given.facts());
  }

  /** One bad value of each kind, and a rule that is broken. */
  private static Verdict bad() {
    Coding diabetes = new Coding(SNOMED, "44054006", null);
    return negotiate(
        MODEL,
        Given.stated(
            List.of(Given.statement(Kind.CONDITION, "c", diabetes, Standing.UNSURE)),
            obs("c", "2160-0", "1", "mg/dL"),
            obs("a", "9318-7", "1", "warmth"),
            obs("p", "8867-4", "10", "/min")));
  }

  private static ObjectNode form(Verdict verdict) {
    return Objects.requireNonNull(FhirAnswer.questionnaire(verdict.gaps(), MODEL, Given.ENGLISH));
  }

  private static JsonNode named(JsonNode list, String key, String name) {
    return json(
        list.values().stream()
            .filter(each -> each.path(key).asString("").equals(name))
            .findFirst()
            .orElseThrow()
            .toString());
  }

  @Test
  void gaps_of_every_kind_are_valid_r4() {
    for (Verdict verdict : List.of(silent(), bad())) {
      assertThat(R4.errors(FhirAnswer.guidanceResponse(verdict, MODEL, TURN))).isEmpty();
      assertThat(R4.errors(FhirAnswer.operationOutcome(verdict))).isEmpty();
      assertThat(R4.errors(form(verdict))).isEmpty();
      FormsAgree.check(verdict, MODEL);
    }
    assertThat(bad().gaps())
        .extracting(gap -> gap.name() + " " + gap.reason().label())
        .containsExactly(
            "race missing",
            "diabetes status",
            "metformin missing",
            "creatinine missing",
            "oxygen missing",
            "albuminuria unit",
            "sense implausible");
  }

  @Test
  void a_library_of_everything_that_a_model_needs_is_valid_r4() {
    List<Gap> everything = new Negotiator(MODEL).everything();
    ObjectNode library = FhirAnswer.library(everything, MODEL);
    assertThat(R4.errors(library)).isEmpty();
    assertThat(library.path("dataRequirement").values())
        .extracting(each -> each.path("id").asString())
        .isEqualTo(everything.stream().map(Gap::name).toList())
        .contains("race", "creatinine", "albuminuria", "diabetes", "metformin", "oxygen")
        .doesNotContain("sense", "acr");
  }

  @Test
  void what_random_models_ask_and_are_answered_is_valid_r4() {
    for (long seed = 0; seed < 25; seed++) {
      Random random = new Random(seed);
      Manifest manifest = RandomModels.manifest(random);
      Facts facts = BundleCheck.facts(RandomRecords.record(random));
      Verdict verdict = negotiate(manifest, facts);
      assertThat(R4.errors(FhirAnswer.guidanceResponse(verdict, manifest, TURN))).isEmpty();
      assertThat(R4.errors(FhirAnswer.library(new Negotiator(manifest).everything(), manifest)))
          .isEmpty();
      ObjectNode form = FhirAnswer.questionnaire(verdict.gaps(), manifest, Given.ENGLISH);
      if (form != null) {
        ObjectNode response =
            Obedient.answer(form, verdict.gaps(), manifest, random, Replies.AUTHORED);
        response.putObject("subject").put("reference", "Patient/p");
        assertThat(R4.errors(response)).isEmpty();
        for (JsonNode extracted : Replies.observations(Replies.taken(response, manifest))) {
          assertThat(R4.errors((ObjectNode) extracted)).isEmpty();
        }
      }
    }
  }

  @Test
  void a_series_says_how_many_values_and_how_far_apart() {
    assertThat(named(guidance(), "id", "creatinine"))
        .isEqualTo(
            json(
                """
                {"id": "creatinine",
                 "extension": [
                   {"url": "urn:clinisandbox:extension:mandatory", "valueBoolean": true},
                   {"url": "urn:clinisandbox:extension:unit", "valueCode": "mg/dL"},
                   {"url": "urn:clinisandbox:extension:minimum-count", "valueInteger": 2},
                   {"url": "urn:clinisandbox:extension:spacing", "valueDuration":
                     {"value": 48, "system": "http://unitsofmeasure.org", "code": "h"}}],
                 "type": "Observation", "mustSupport": ["code", "value", "effective"],
                 "codeFilter": [{"path": "code", "code": [ {"system": "http://loinc.org", "code": "2160-0"} ]}],
                 "dateFilter": [{"path": "effective", "valueDuration":
                   {"value": 90, "system": "http://unitsofmeasure.org", "code": "d"}}]}
                """));
    JsonNode item = named(form(silent()).path("item"), "linkId", "creatinine");
    assertThat(item.path("repeats").booleanValue()).isTrue();
    assertThat(
            named(
                    item.path("extension"),
                    "url",
                    "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs")
                .path("valueInteger")
                .intValue())
        .isEqualTo(2);
    assertThat(json(item.at("/item/0").toString()))
        .isEqualTo(
            json(
                """
                {"linkId": "creatinine.at", "text": "When was it measured?", "type": "dateTime", "required": true,
                 "enableWhen": [ {"question": "creatinine", "operator": "exists", "answerBoolean": true} ]}
                """));
  }

  private static JsonNode guidance() {
    return FhirAnswer.guidanceResponse(silent(), MODEL, TURN).path("dataRequirement");
  }

  @Test
  void a_group_is_one_requirement_of_any_of_its_codes_and_one_item_with_its_options() {
    JsonNode requirement = named(guidance(), "id", "albuminuria");
    assertThat(requirement.at("/codeFilter/0/code").values())
        .extracting(code -> code.path("code").asString())
        .containsExactly("9318-7", "14959-1", "2890-2");
    JsonNode item = named(form(silent()).path("item"), "linkId", "albuminuria");
    assertThat(item.path("type").asString()).isEqualTo("group");
    assertThat(item.path("required").booleanValue()).isFalse();
    assertThat(item.path("item").values())
        .extracting(
            option ->
                option.path("linkId").asString()
                    + " "
                    + option.path("type").asString()
                    + " "
                    + option.path("required").booleanValue())
        .containsExactly("acr decimal false", "pcr decimal false");
  }

  @Test
  void a_statement_is_a_yes_or_no_under_its_preferred_code() {
    JsonNode item = named(form(silent()).path("item"), "linkId", "diabetes");
    assertThat(item.path("type").asString()).isEqualTo("boolean");
    assertThat(item.path("required").booleanValue()).isFalse();
    assertThat(item.at("/code/0/code").asString()).isEqualTo("44054006");
    JsonNode condition = named(guidance(), "id", "diabetes");
    assertThat(condition.path("type").asString()).isEqualTo("Condition");
    assertThat(condition.at("/codeFilter/0/code").size()).isEqualTo(2);
    JsonNode medicine = named(guidance(), "id", "metformin");
    assertThat(medicine.path("type").asString()).isEqualTo("MedicationStatement");
    assertThat(medicine.at("/codeFilter/0/path").asString()).isEqualTo("medication");
  }

  @Test
  void the_plain_form_lists_a_groups_options_and_says_nothing_of_those_who_have_none() {
    JsonNode gaps = GapJson.gaps(bad().gaps(), Given.ENGLISH);
    JsonNode group = named(gaps, "name", "albuminuria");
    assertThat(group.get("code").isNull()).isTrue();
    assertThat(group.path("options").values())
        .extracting(
            option -> option.path("name").asString() + " " + option.path("reason").asString())
        .containsExactly("acr unit", "pcr missing");
    JsonNode condition = named(gaps, "name", "diabetes");
    assertThat(condition.has("options")).isFalse();
    assertThat(condition.path("accepts").toString()).isEqualTo("[\"46635009\"]");
    assertThat(named(gaps, "name", "sense"))
        .isEqualTo(
            json(
                """
                {"kind": "rule", "name": "sense", "system": null, "code": null,
                 "display": "Rule of the model", "accepts": [], "unit": null, "mandatory": true,
                 "reason": "implausible", "detail": "The pulse is too low.", "answered_by": "clinician"}
                """));
  }

  @Test
  void requirements_name_their_limits_and_what_is_assumed() {
    JsonNode all = GapJson.requirements(new Negotiator(MODEL).everything(), Given.ENGLISH);
    JsonNode series = named(all, "name", "creatinine");
    assertThat(series.path("count").intValue()).isEqualTo(2);
    assertThat(series.path("spacing").asString()).isEqualTo("PT48H");
    assertThat(series.path("max_age").asString()).isEqualTo("PT2160H");
    assertThat(series.has("reason")).isFalse();
    assertThat(named(all, "name", "oxygen").path("assumed").intValue()).isZero();
    assertThat(named(all, "name", "diabetes").get("assumed").booleanValue()).isFalse();
    assertThat(named(all, "name", "metformin").has("assumed")).isFalse();
    assertThat(named(all, "name", "albuminuria").at("/options/0/range/low").intValue()).isZero();
  }

  @Test
  void a_series_carries_its_earlier_values_as_json() {
    Verdict verdict =
        negotiate(
            MODEL,
            obs("n", "2160-0", "1.2", "mg/dL"),
            obs("e", "2160-0", "88.4", "umol/L").ago(Duration.ofDays(3)));
    JsonNode input = GapJson.inputs(Given.inputs(verdict)).get(0);
    assertThat(input.path("source").asString()).isEqualTo("Observation/n");
    assertThat(input.at("/earlier/0/source").asString()).isEqualTo("Observation/e");
    assertThat(input.at("/earlier/0/converted_from").asString()).isEqualTo("88.4 umol/L");
  }
}
