package org.clinisandbox.fhir.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is written in Java says the same as HL7's expressions, on the cases that tell them apart.
 */
class RulesTest {
  private static final Map<String, String> EXPRESSIONS =
      Map.of(
          "ext-1",
          "extension.exists() != value.exists()",
          "qty-3",
          "code.empty() or system.exists()",
          "obs-6",
          "dataAbsentReason.empty() or value.empty()",
          "bdl-3",
          "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type ="
              + " 'transaction' or %resource.type = 'history'))",
          "bdl-4",
          "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type ="
              + " 'transaction-response' or %resource.type = 'history'))",
          "bdl-7",
          "(type = 'history') or entry.where(fullUrl.exists())"
              + ".select(fullUrl&resource.meta.versionId).isDistinct()");

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
        "bdl-7 | Bundle | {'resourceType':'Bundle','entry':[{'fullUrl':'a','resource':{'resourceType':'Basic','meta':{'versionId':'1'}}},{'fullUrl':'a','resource':{'resourceType':'Basic','meta':{'versionId':'1'}}}]}"
      })
  void java_and_fhirpath_agree(String key, String type, String element) {
    JsonNode json = json(element);
    String expression = Objects.requireNonNull(EXPRESSIONS.get(key));
    Rule inJava = Rules.rule(key, expression, "");
    assertThat(inJava.test()).isNotInstanceOf(Expression.class);

    assertThat(inJava.holds(json, type, Scope.of(json)))
        .isEqualTo(new Expression(expression).holds(json, type, Scope.of(json)));
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
