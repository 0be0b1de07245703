package org.clinisandbox.fhir.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What each part of the language gives, worked out by hand from the specification. */
class SpecificationTest {
  private static final JsonNode BUNDLE =
      Rules.json(
          """
          {'resourceType':'Bundle','type':'collection','entry':[
            {'fullUrl':'urn:uuid:1','resource':{'resourceType':'Patient','id':'p','active':true,
              'gender':'female','birthDate':'1950-03-04',
              '_birthDate':{'extension':[{'url':'http://x/birthTime','valueDateTime':'1950-03-04T10:00:00Z'}]},
              '_deceasedDateTime':{'extension':[{'url':'http://x/absent','valueCode':'unknown'}]},
              'name':[{'use':'official','family':'Miller','given':['Anna','Maria']},
                      {'use':'usual','given':['Ann',null],'_given':[null,{'extension':[{'url':'http://x/e','valueBoolean':false}]}]}],
              'multipleBirthInteger':2}},
            {'resource':{'resourceType':'Observation','id':'o1','status':'final',
              'code':{'coding':[{'system':'http://loinc.org','code':'8867-4'}]},
              'effectiveDateTime':'2026-02-03T01:05:06+01:00',
              'valueQuantity':{'value':88.50,'unit':'bpm','system':'http://unitsofmeasure.org','code':'/min'}}},
            {'resource':{'resourceType':'Observation','id':'o2','status':'final',
              'code':{'coding':[{'system':'http://loinc.org','code':'2160-0'}]},
              'effectivePeriod':{'start':'2026-01','end':'2026-02-01'},
              'valueQuantity':{'value':2,'comparator':'<','system':'http://unitsofmeasure.org','code':'mg/dL'}}},
            {'resource':{'resourceType':'Observation','id':'o3','status':'amended',
              'code':{'text':'Hello'},'valueString':'sitting',
              'component':[{'code':{'text':'a'},'valueInteger':1},{'code':{'text':'b'},'valueInteger':2}]}}]}
          """);

  private static final String PATIENT = "Bundle.entry.resource.ofType(Patient)";

  private static void holds(String outcome, String... expressions) {
    List<String> wrong = new ArrayList<>();
    for (String expression : expressions) {
      String path =
          expression
              .replace("P.", PATIENT + ".")
              .replace("O[", "entry.resource.ofType(Observation)[");
      String found = Rules.outcome(Rules.evaluate(path, BUNDLE));
      if (!found.equals(outcome)) {
        wrong.add(expression + " gave " + found);
      }
    }
    assertThat(wrong).as("these give not " + outcome).isEmpty();
  }

  @Test
  void paths_find_elements_by_name_and_choices_by_both_names() {
    holds(
        "TRUE",
        "P.name.given.count() = 4",
        "P.name.given[0] = 'Anna'",
        "P.name[1].given.count() = 2",
        "O[0].value.value = 88.5",
        "O[0].valueQuantity.unit = 'bpm'",
        "O[2].value = 'sitting'",
        "O[2].component.value.aggregate($this + $total, 0) = 3",
        "entry.resource.id.count() = 4",
        "`entry`.exists()",
        "Bundle.exists() and Resource.exists() and DomainResource.empty() and Patient.empty()",
        "P.where(Patient.active).exists()",
        "P.resourceType.empty() and P._birthDate.empty() and P.nothing.empty()",
        "entry[0].resource.children().count() = 8",
        "O[2].descendants().count() = 13",
        "FHIR.Bundle.type = 'collection'");
  }

  @Test
  void a_primitive_without_a_value_is_there_but_empty() {
    holds(
        "TRUE",
        "P.deceased.exists()",
        "P.deceased.hasValue().not()",
        "P.birthDate.hasValue()",
        "P.deceased.extension('http://x/absent').value = 'unknown'",
        "P.birthDate.extension('http://x/birthTime').value = @1950-03-04T10:00:00Z",
        "P.name[1].given[1].extension.value = false");
    holds("EMPTY", "P.deceased < now()", "P.deceased = now()", "P.deceased and true");
  }

  @Test
  void types_are_told_by_resources_and_choices_and_nowhere_else() {
    holds(
        "TRUE",
        "O[0].value is Quantity",
        "O[2].value is string",
        "O[2].value is FHIR.string",
        "(O[2].value is String).not()",
        "(O[0].value is string).not()",
        "O[0].value.ofType(Quantity).value > 88",
        "(O[0].value as Quantity).code = '/min'",
        "O[0].value.as(Quantity).exists()",
        "(O[0].value as CodeableConcept).empty()",
        "entry.resource.ofType(Observation).count() = 3",
        "entry[0].resource is DomainResource and entry[0].resource is Resource",
        "(entry[0].resource is Observation).not()",
        "P.multipleBirth is integer and (P.multipleBirth is Element)",
        "O[2].component.value.all($this is integer)",
        "1 is Integer and 1.0 is Decimal and 'a' is String and true is System.Boolean",
        "@2020 is Date and @2020T is DateTime and @T10 is Time and (4 'mg') is Quantity",
        "P.active is boolean",
        "(P.birthDate is boolean).not()");
    holds("EMPTY", "{} is string", "P.photo is Attachment");
    holds("UNTYPED", "P.gender is code", "P.name.first() is HumanName", "P.birthDate is date");
    holds("MANY", "entry is BackboneElement", "P.name as HumanName");
  }

  @Test
  void operators_bind_as_the_specification_orders_them() {
    holds(
        "TRUE",
        "1 + 2 * 3 = 7",
        "-2.abs() = -2",
        "(2 | 3).count() = 2",
        "1 | 2 = 1 | 2",
        "1 < 2 = true",
        "1 in (1 | 2) and true",
        "true or false and false",
        "false implies false implies true",
        "1 + 1 is Integer",
        "10 - 4 - 3 = 3",
        "2 * 3 div 4 = 1",
        "1 /* a comment */ = 1 // the rest",
        "- 1 = +-1");
  }

  @Test
  void logic_has_three_values() {
    holds(
        "TRUE",
        "true or {}",
        "{} or true",
        "{} implies true",
        "false implies {}",
        "true xor false",
        "P.name.first() and true",
        "'x' implies 5");
    holds(
        "FALSE", "false and {}", "{} and false", "true xor true", "true implies false", "5.not()");
    holds(
        "EMPTY",
        "true and {}",
        "{} and true",
        "{} and {}",
        "false or {}",
        "{} or {}",
        "{} xor true",
        "{} implies false",
        "{} implies {}",
        "true implies {}",
        "{}.not()");
    holds("MANY", "P.name and true", "(true | false) or true");
  }

  @Test
  void equality_goes_by_value_and_order() {
    holds(
        "TRUE",
        "1 = 1.0",
        "1.00 = 1",
        "'a' != 'b'",
        "(1).combine(2) = (1).combine(2)",
        "P.name = P.name",
        "P.name != P.name.skip(1)",
        "1 != 'x' and (1 = true).not()",
        "@2012 = @2012",
        "@2012-01-01T10:00:00Z = @2012-01-01T11:00:00+01:00",
        "@2012-01-01T10:00:00.5 = @2012-01-01T10:00:00.500",
        "4 'mg' = 4.0 'mg'",
        "4 '1' = 4",
        "4 days = 4 'd'",
        "P.birthDate = @1950-03-04",
        "P.birthDate = '1950-03-04'");
    holds("FALSE", "(1).combine(2) = (2).combine(1)", "@2012 = @2013", "@T10:00 = @2012-01-01");
    holds("EMPTY", "{} = {}", "1 = {}", "@2012 = @2012-01", "4 'mg' = 4 'g'", "1 year = 1 'a'");
  }

  @Test
  void equivalence_ignores_order_case_space_and_needless_digits() {
    holds(
        "TRUE",
        "{} ~ {}",
        "(1).combine(2) ~ (2).combine(1)",
        "'A  b' ~ ' a B'",
        "1.0 ~ 1.04",
        "1 !~ 2",
        "1 year ~ 1 'a'",
        "P.name ~ P.name",
        "@2012 !~ @2012-01",
        "'a' !~ {}");
  }

  @Test
  void comparison_is_empty_where_precision_or_unit_leaves_it_open() {
    holds(
        "TRUE",
        "1 < 1.5",
        "'abc' < 'abd'",
        "@2018-03 < @2018-04-01",
        "@T10 < @T11:00",
        "O[0].value > 80 '/min'",
        "O[0].value <= 88.5 '/min'",
        "O[0].effective < @2026-02-04",
        "O[1].effective.start < O[1].effective.end",
        "P.birthDate < today()");
    holds(
        "EMPTY",
        "@2018-03 < @2018-03-01",
        "@2018-03-01T10 >= @2018-03-01T10:30",
        "O[0].value > 80 'mg'",
        "O[1].value < 5 'mg/dL'",
        "O[0].effective < @2026-02-03",
        "1 < {}");
    holds(
        "TYPE",
        "1 < 'a'",
        "true < false",
        "@T10 < @2018",
        "P.name.first() < 1",
        "P.gender < @2018");
    holds("MANY", "P.name.given > 'a'");
  }

  @Test
  void numbers_and_quantities_are_computed_in_decimals() {
    holds(
        "TRUE",
        "0.1 + 0.2 = 0.3",
        "5 div 2 = 2 and 5.5 div 0.7 = 7",
        "5 mod 2 = 1 and 5.5 mod 0.7 = 0.6",
        "1 / 4 = 0.25",
        "(1 / 3).round(4) = 0.3333",
        "4 'mg' + 1 'mg' = 5 'mg'",
        "4 'mg' * 2 = 8 'mg'",
        "8 'mg' / 2 'mg' = 4",
        "8 'mg' / 2 = 4 'mg'",
        "-(4 'mg') = 0 'mg' - 4 'mg'",
        "(-4 'mg').abs() = 4 'mg'",
        "O[0].value * 2 = 177 '/min'",
        "3.7.floor() = 3 and (-3.7).ceiling() = -3 and 3.5.round() = 4 and (-5).abs() = 5",
        "2147483647 + 1 = 2147483648",
        "9.sqrt() = 3",
        "'a' + 'b' = 'ab'",
        "'a' & {} & 'b' = 'ab'");
    holds(
        "EMPTY",
        "1 / 0 = 1",
        "1 div 0 = 1",
        "1 mod 0 = 1",
        "4 'mg' + 1 'g' = 5 'mg'",
        "('a' + {}) = 'a'",
        "(-1).sqrt() = 1",
        "4 'mg' * 2 'mg' = 8 'mg2'");
    holds(
        "TYPE", "1 + 'a' = 'a'", "'a' - 'b' = 'c'", "true + 1 = 2", "-'a' = 'a'", "1 & 'a' = 'x'");
  }

  @Test
  void dates_move_by_the_calendar_and_keep_their_precision() {
    holds(
        "TRUE",
        "@2014 + 24 months = @2016",
        "@2014 + 25 months = @2016",
        "@2014 + 364 days = @2014 and @2014 + 365 days = @2015",
        "@2019-03-01 + 24 months = @2021-03-01",
        "@2020-01-31 + 1 month = @2020-02-29",
        "@2020-02-29 - 1 year = @2019-02-28",
        "@2020-01-01 + 36 hours = @2020-01-02",
        "@2020-01-01 + 2 weeks = @2020-01-15",
        "@2020-03-01T00:00:00+02:00 + 1 month = @2020-04-01T00:00:00+02:00",
        "@T23:30 + 1 hour = @T00:30",
        "@2020-01-01T00:00:00Z + 1.5 's' = @2020-01-01T00:00:01.5Z",
        "P.birthDate + 18 years <= today()",
        "now() - 24 hours < now()",
        "today() = @2026-02-03 and now() = @2026-02-03T04:05:06.789Z",
        "timeOfDay() = @T04:05:06.789",
        "(@2020-01-01 + 1 day).toString() = '2020-01-02'",
        "(@2020-01-01T10:00:00+02:00 + 1 's').toString() = '2020-01-01T10:00:01+02:00'");
    holds("EMPTY", "@9999 + 1 year = @2000", "@2020 + 99999999999999 years = @2020");
    holds("TYPE", "@2020 + 1 'a' = @2021", "@2020 + 1 'mg' = @2020", "@T10 + 1 day = @T10");
  }

  @Test
  void collections_are_filtered_cut_and_joined() {
    holds(
        "TRUE",
        "(1 | 2 | 2).count() = 2",
        "(1).combine(1).distinct().count() = 1",
        "(1).combine(1).isDistinct().not() and {}.isDistinct()",
        "P.name.where(use = 'usual').given.first() = 'Ann'",
        "P.name.given.where($index = 1) = 'Maria'",
        "(1 | 2).select($this + 1) = (2 | 3)",
        "(3 | 4).first() = 3 and (3 | 4).last() = 4 and (3 | 4).tail() = 4",
        "(3 | 4 | 5).skip(1).take(1) = 4 and (3 | 4).take(-1).empty() and (3).skip(9).empty()",
        "(1 | 2 | 3).intersect(2 | 3 | 4) = (2 | 3)",
        "(1 | 2 | 3).exclude(2) = (1 | 3)",
        "(1).union(1 | 2) = (1 | 2)",
        "2 in (1 | 2) and (1 | 2) contains 2 and (3 in {}).not()",
        "(1 | 2).all($this > 0) and {}.all(false) and (1 | 2).all({}).not()",
        "(true | false).anyTrue() and (true | false).anyFalse() and {}.allTrue() and {}.allFalse()",
        "(true | true).allTrue() and (false).allFalse() and {}.anyTrue().not()",
        "(1 | 2).exists($this = 2) and {}.exists().not() and {}.empty()",
        "(1).repeat($this) = 1",
        "(1).repeat(iif($this < 5, $this + 1)).count() = 4",
        "O[2].repeat(component).count() = 2",
        "(1 | 2 | 3).aggregate(iif($total.empty(), $this, iif($this < $total, $this, $total))) = 1",
        "iif({}, 1, 2) = 2 and iif(true, 1).exists() and iif(false, 1).empty()",
        "iif(true, true, 'a' < 1)",
        "(5).single() = 5 and {}.single().empty()",
        "P.name.select(use.union(given)).count() = 6",
        "(1 | 2)[1] = 2 and (1)[1].empty() and (1)[-1].empty()");
    holds("EMPTY", "{} in (1 | 2)", "(1 | 2) contains {}", "$index", "$total");
    holds("MANY", "(1 | 2).single() = 1", "(1 | 2) in (1 | 2)");
    holds("TYPE", "(1 | 2)['a'] = 1", "(1).skip('a') = 1", "(1).allTrue()");
  }

  @Test
  void texts_are_searched_cut_and_converted() {
    holds(
        "TRUE",
        "'abcdefg'.indexOf('bc') = 1 and 'a'.indexOf('x') = -1 and 'a'.indexOf('') = 0",
        "'abcdefg'.substring(3) = 'defg' and 'abcdefg'.substring(1, 2) = 'bc'",
        "'abcdefg'.substring(6, 2) = 'g' and 'abc'.substring(3).empty() and 'abc'.substring(-1).empty()",
        "'abc'.startsWith('ab') and 'abc'.endsWith('bc') and 'abc'.contains('b')",
        "'abc'.replace('b', 'xx') = 'axxc' and 'abc'.replace('', 'x') = 'xaxbxcx'",
        "'abc'.upper() = 'ABC' and 'ABC'.lower() = 'abc' and 'abc'.length() = 3",
        "P.birthDate.substring(0, 4) = '1950'",
        "'1'.toInteger() = 1 and '1.5'.toDecimal() = 1.5 and '1.5'.toInteger().empty()",
        "true.toInteger() = 1 and 'x'.toDecimal().empty() and '+7'.toInteger() = 7",
        "'yes'.toBoolean() and 1.toBoolean() and 'x'.toBoolean().empty() and (0.0).toBoolean().not()",
        "1.50.toString() = '1.50' and true.toString() = 'true' and (4 'mg').toString() = '4 \\'mg\\''",
        "'\\u0041\\t\\\\' = 'A\t\\\\'",
        "%ucum = 'http://unitsofmeasure.org' and %loinc = 'http://loinc.org' and %sct.exists()",
        "%resource.id.empty() and %context = %resource and P.where(%resource.entry.count() = 4).exists()");
    holds("EMPTY", "{}.startsWith('a')", "'a'.startsWith({})", "{}.length() = 0");
    holds("TYPE", "1.length() = 1", "'a'.startsWith(1)", "'a'.substring('b') = 'a'");
    holds("MANY", "P.name.given.startsWith('A')");
  }

  @Test
  void the_result_must_be_one_boolean() {
    holds("TRUE", "P.active");
    holds("EMPTY", "{}", "P.photo");
    holds("NOT_BOOLEAN", "1", "P.where(true)", "P.name", "(true | false)", "'true'");
  }

  @Test
  void variables_are_values_of_the_caller() {
    FhirPath rule = Rules.compiled("%age >= 18 and %`x y` = 'a' and %ok and %since < now()");
    assertThat(rule.variables()).containsExactlyInAnyOrder("age", "x y", "ok", "since");
    Map<String, JsonNode> values =
        Map.of(
            "age", Rules.json("40.5"),
            "x y", Rules.json("'a'"),
            "ok", Rules.json("true"),
            "since", Rules.json("'2020-01-01'"));
    assertThat(rule.evaluate(BUNDLE, values, Rules.NOW, Rules.NO_CLOCK))
        .isEqualTo(Truth.Answer.TRUE);

    FhirPath optional = Rules.compiled("%a.exists()");
    assertThat(
            optional.evaluate(BUNDLE, Map.of("a", Rules.json("null")), Rules.NOW, Rules.NO_CLOCK))
        .isEqualTo(Truth.Answer.FALSE);
    holds("VARIABLE", "%a.exists()");
    assertThat(Rules.compiled("%resource.id = %ucum").variables()).isEmpty();
  }
}
