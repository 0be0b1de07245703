package org.clinisandbox.fhir.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is written in Java says the same as HL7's expressions, on the cases that tell them apart.
 */
class RulesTest {
  private static final JsonNode HL7 = definitions().path("rules");

  private static JsonNode definitions() {
    try (InputStream in = R4.class.getResourceAsStream("definitions.json.gz")) {
      return JsonMapper.shared().readTree(new GZIPInputStream(Objects.requireNonNull(in)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ext-1 | Extension | {'url':'u'}",
        "ext-1 | Extension | {'url':'u','valueString':'a'}",
        "ext-1 | Extension | {'url':'u','_valueString':{'id':'a'}}",
        "ext-1 | Extension | {'url':'u','extension':[{'url':'a','valueString':'b'}]}",
        "ext-1 | Extension | {'extension':[{'url':'a','valueString':'b'}],'valueCode':'c'}",
        "qty-3 | Quantity | {'value':1}",
        "qty-3 | Quantity | {'code':'kg'}",
        "qty-3 | Quantity | {'code':'kg','system':'http://unitsofmeasure.org'}",
        "qty-3 | Quantity | {'_code':{'id':'x'}}",
        "qty-3 | Quantity | {'code':'kg','_system':{'id':'x'}}",
        "obs-6 | Observation | {'resourceType':'Observation','dataAbsentReason':{'text':'x'}}",
        "obs-6 | Observation | {'resourceType':'Observation','valueInteger':1}",
        "obs-6 | Observation | {'resourceType':'Observation','valueInteger':1,'dataAbsentReason':{'text':'x'}}",
        "bdl-3 | Bundle | {'resourceType':'Bundle','type':'batch','entry':[{'request':{'url':'a'}}]}",
        "bdl-3 | Bundle | {'resourceType':'Bundle','type':'batch','entry':[{'request':{'url':'a'}},{}]}",
        "bdl-3 | Bundle | {'resourceType':'Bundle','type':'collection','entry':[{'request':{'url':'a'}}]}",
        "bdl-3 | Bundle | {'resourceType':'Bundle','entry':[{'request':{'url':'a'}}]}",
        "bdl-3 | Bundle | {'resourceType':'Bundle','type':'batch'}",
        "bdl-4 | Bundle | {'resourceType':'Bundle','type':'history','entry':[{'response':{'status':'a'}}]}",
        "bdl-4 | Bundle | {'resourceType':'Bundle','type':'document','entry':[{'response':{'status':'a'}}]}",
        "bdl-4 | Bundle | {'resourceType':'Bundle','type':'batch-response','entry':[{'fullUrl':'a'}]}",
        "bdl-7 | Bundle | {'resourceType':'Bundle','entry':[{'fullUrl':'a'},{'fullUrl':'b'},{}, {}]}",
        "bdl-7 | Bundle | {'resourceType':'Bundle','entry':[{'fullUrl':'a'},{'fullUrl':'a'}]}",
        "bdl-7 | Bundle | {'resourceType':'Bundle','type':'history','entry':[{'fullUrl':'a'},{'fullUrl':'a'}]}",
        "bdl-7 | Bundle | {'resourceType':'Bundle','entry':[{'fullUrl':'a','resource':{'resourceType':'Basic','meta':{'versionId':'1'}}},{'fullUrl':'a','resource':{'resourceType':'Basic','meta':{'versionId':'2'}}}]}",
        "bdl-7 | Bundle | {'resourceType':'Bundle','entry':[{'fullUrl':'a','resource':{'resourceType':'Basic','meta':{'versionId':'1'}}},{'fullUrl':'a','resource':{'resourceType':'Basic','meta':{'versionId':'1'}}}]}",
        "att-1 | Attachment | {'url':'a'}",
        "att-1 | Attachment | {'data':'aGk='}",
        "att-1 | Attachment | {'_data':{'id':'a'}}",
        "att-1 | Attachment | {'data':'aGk=','contentType':'a/b'}",
        "bdl-5 | Bundle.entry | {'fullUrl':'a'}",
        "bdl-5 | Bundle.entry | {'resource':{'resourceType':'Basic'}}",
        "bdl-5 | Bundle.entry | {'response':{'status':'a'}}",
        "con-4 | Condition | {'resourceType':'Condition','clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]},'abatementString':'a'}",
        "con-4 | Condition | {'resourceType':'Condition','clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'resolved'}]},'abatementString':'a'}",
        "con-4 | Condition | {'resourceType':'Condition','clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/other','code':'resolved'}]},'abatementString':'a'}",
        "con-4 | Condition | {'resourceType':'Condition','clinicalStatus':{'coding':[{'code':'a'},{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'inactive'}]},'abatementString':'a'}",
        "con-4 | Condition | {'resourceType':'Condition','abatementString':'a'}",
        "con-4 | Condition | {'resourceType':'Condition'}",
        "con-5 | Condition | {'resourceType':'Condition','verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'confirmed'}]},'clinicalStatus':{'text':'a'}}",
        "con-5 | Condition | {'resourceType':'Condition','verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'entered-in-error'}]},'clinicalStatus':{'text':'a'}}",
        "con-5 | Condition | {'resourceType':'Condition','verificationStatus':{'coding':[{'code':'a'},{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'entered-in-error'}]},'clinicalStatus':{'text':'a'}}",
        "con-5 | Condition | {'resourceType':'Condition','verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'entered-in-error'}]}}",
        "obs-7 | Observation | {'resourceType':'Observation','code':{'coding':[{'system':'s','code':'a'}]},'valueInteger':1}",
        "obs-7 | Observation | {'resourceType':'Observation','code':{'coding':[{'system':'s','code':'a'}]},'valueInteger':1,'component':[{'code':{'coding':[{'system':'s','code':'a'}]}}]}",
        "obs-7 | Observation | {'resourceType':'Observation','code':{'coding':[{'system':'s','code':'a'}]},'valueInteger':1,'component':[{'code':{'coding':[{'system':'s','code':'b'}]}}]}",
        "obs-7 | Observation | {'resourceType':'Observation','code':{'coding':[{'system':'s','code':'a'}]},'component':[{'code':{'coding':[{'system':'s','code':'a'}]}}]}",
        "per-1 | Period | {'start':'2020-01-02T03:04:05Z','end':'2020-01-02T03:04:05Z'}",
        "per-1 | Period | {'start':'2020-01-02T03:04:05Z','end':'2020-01-02T03:04:06Z'}",
        "per-1 | Period | {'start':'2020-01-02T03:04:06Z','end':'2020-01-02T03:04:05Z'}",
        "per-1 | Period | {'start':'2020-01-02T03:04:05+02:00','end':'2020-01-02T03:04:05+01:00'}",
        "per-1 | Period | {'start':'2020-01-02T03:04:05+01:00','end':'2020-01-02T03:04:05+02:00'}",
        "per-1 | Period | {'start':'2020-01-02T03:04:05.100Z','end':'2020-01-02T03:04:05.200Z'}",
        "per-1 | Period | {'start':'2020-01-02T03:04:05.200Z','end':'2020-01-02T03:04:05.100Z'}",
        "per-1 | Period | {'start':'2021','end':'2020-01-02T03:04:05Z'}",
        "per-1 | Period | {'start':'2020-01-02T03:04:05Z','end':'2020-01-02'}",
        "per-1 | Period | {'start':'2020-01-02','end':'2020-01-01'}",
        "per-1 | Period | {'start':'2020-01-01','end':'2020-01-02'}",
        "per-1 | Period | {'start':'2020'}",
        "per-1 | Period | {'end':'2020'}"
      })
  void java_and_fhirpath_agree(String key, String type, String element) {
    JsonNode json = json(element);
    String expression = HL7.path(key).path("expression").stringValue();
    Rule inJava = Rules.rule(key, expression, "");
    assertThat(inJava.test()).isNotInstanceOf(Expression.class);

    assertThat(inJava.holds(json, type, Scope.of(json)))
        .isEqualTo(new Expression(expression).holds(json, type, Scope.of(json)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sdf-8a | true | {'kind':'resource','type':'Patient','differential':{'element':[{'path':'Patient'},{'path':'Patient.name'}]}}",
        "sdf-8a | true | {'kind':'logical','type':'x','differential':{'element':[{'path':'Mine.a'},{'path':'Mine.b'}]}}",
        "sdf-8a | false | {'kind':'resource','type':'Patient','differential':{'element':[{'path':'Group'}]}}",
        "sdf-8a | false | {'kind':'resource','type':'Patient','differential':{'element':[{'path':'Patient'},{'path':'Group.name'}]}}",
        "sdf-8a | false | {'kind':'resource','type':'Patient','differential':{'element':[{'path':'Patient'},{'path':'Patients.name'}]}}",
        "sdf-19 | true | {'url':'http://a.example/X','differential':{'element':[{'type':[{'code':'http://a.example/Y'}]}]}}",
        "sdf-19 | true | {'url':'http://hl7.org/fhir/StructureDefinition/X','differential':{'element':[{'type':[{'code':'Quantity'},{'code':'http://hl7.org/fhirpath/System.String'}]}]}}",
        "sdf-19 | false | {'url':'http://hl7.org/fhir/StructureDefinition/X','differential':{'element':[{'type':[{'code':'Quantity'},{'code':'http://a.example/Y'}]}]}}",
        "sdf-19 | false | {'url':'http://hl7.org/fhir/StructureDefinition/X','differential':{'element':[{'type':[{'code':'a.b'}]}]}}",
        "sdf-19 | true | {'url':'http://hl7.org/fhir/StructureDefinition/X','snapshot':{'element':[{'type':[{'code':'a.b'}]}]}}",
        "sdf-19 | false | {'url':'http://hl7.org/fhir/StructureDefinition/X','snapshot':{'element':[{'type':[{'code':'a-b'}]}]}}"
      })
  void rules_of_definitions_go_by_their_words(String key, boolean holds, String definition) {
    JsonNode json = json(definition);
    JsonNode element = key.equals("sdf-8a") ? json.path("differential") : json;

    assertThat(Rules.rule(key, "", "").holds(element, "", Scope.of(json))).isEqualTo(holds);
  }

  @Test
  void a_rule_is_asked_wherever_one_of_its_names_is_there() {
    Rule.Test ratio =
        new Expression(
            "(numerator.empty() xor denominator.exists()) and"
                + " (numerator.exists() or extension.exists())");
    Rule.Test range = new Expression("low.empty() or high.empty() or (low <= high)");
    Rule.Test prediction =
        new Expression("probability is decimal implies (probability as decimal) <= 100");

    assertThat(
            List.of(
                ratio.holds(json("{'id':'a'}"), "Ratio", Scope.of(json("{}"))),
                range.holds(
                    json("{'low':{'value':2},'high':{'value':1}}"), "Range", Scope.of(json("{}"))),
                range.holds(json("{'high':{'value':1}}"), "Range", Scope.of(json("{}"))),
                prediction.holds(
                    json("{'probabilityDecimal':101}"),
                    "RiskAssessment.prediction",
                    Scope.of(json("{}"))),
                prediction.holds(
                    json("{'probabilityDecimal':99.5}"),
                    "RiskAssessment.prediction",
                    Scope.of(json("{}")))))
        .containsExactly(false, false, true, false, true);
  }
}
