package org.clinisandbox.fhir.differential;

import java.util.List;

/** Properties to put into objects, written with single quotes. */
final class Pieces {
  private static final String DIV = "'<div xmlns=\\'http://www.w3.org/1999/xhtml\\'>";

  static final List<String> UNKNOWN =
      List.of(
          "{'unheardOf':1}",
          "{'unheardOf':{'a':'b'}}",
          "{'fhir_comments':['a']}",
          "{'resourceType':'Patient'}",
          "{'id':'a'}",
          "{'id':'a b'}",
          "{'id':1}",
          "{'value':'a'}",
          "{'valueString':'a'}",
          "{'code':'a'}",
          "{'system':'http://loinc.org'}",
          "{'':'a'}",
          "{'@type':'a'}",
          "{'implicitRules':'http://example.org/rules'}",
          "{'language':'xx-nonsense-99'}");

  static final List<String> EXTENSIONS =
      List.of(
          "{'extension':[{'url':'http://example.org/x','valueString':'a'}]}",
          "{'extension':[{'url':'http://example.org/x'}]}",
          "{'extension':[{'valueString':'a'}]}",
          "{'extension':[{'url':'x','valueString':'a'}]}",
          "{'extension':[{'url':'','valueString':'a'}]}",
          "{'extension':[{'url':'http://example.org/x','valueNothing':'a'}]}",
          "{'extension':[{'url':'http://example.org/x','valueString':'a','valueCode':'a'}]}",
          "{'extension':[{'url':'http://example.org/x','valueString':'a','extension':"
              + "[{'url':'y','valueString':'b'}]}]}",
          "{'extension':[{'url':'http://example.org/x','extension':"
              + "[{'url':'y','valueInteger':1}]}]}",
          "{'extension':[{}]}",
          "{'extension':{}}",
          "{'extension':[]}",
          "{'extension':[null]}",
          "{'modifierExtension':[{'url':'http://example.org/x','valueBoolean':true}]}",
          "{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/data-absent-reason',"
              + "'valueCode':'unknown'}]}",
          "{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/data-absent-reason',"
              + "'valueCode':'nonsense'}]}",
          "{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/patient-birthTime',"
              + "'valueDateTime':'2000-01-01T00:00:00Z'}]}",
          "{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/patient-birthTime',"
              + "'valueString':'2000'}]}",
          "{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/no-such-one',"
              + "'valueString':'a'}]}");

  static final List<String> COMPANIONS =
      List.of(
          "{'extension':[{'url':'http://example.org/x','valueString':'a'}]}",
          "{'id':'a'}",
          "[{'id':'a'}]",
          "[null,{'id':'a'}]",
          "[null]",
          "{}",
          "[]",
          "null",
          "'a'",
          "1",
          "{'extension':[]}",
          "{'value':'a'}",
          "{'id':'a','unheardOf':1}");

  static final List<String> TYPES =
      List.of(
          "String",
          "Boolean",
          "Integer",
          "Decimal",
          "Code",
          "Uri",
          "DateTime",
          "Date",
          "Time",
          "Quantity",
          "CodeableConcept",
          "Coding",
          "Period",
          "Range",
          "Ratio",
          "Reference",
          "Age",
          "Timing",
          "Nothing");

  static final List<String> OF_RESOURCES =
      List.of(
          "{'contained':[{'resourceType':'Patient','id':'x'}]}",
          "{'contained':[{'resourceType':'Patient'}]}",
          "{'contained':[{'id':'x'}]}",
          "{'contained':[{'resourceType':'Patient','id':'x','contained':"
              + "[{'resourceType':'Device','id':'y'}]}]}",
          "{'contained':[{'resourceType':'Patient','id':'x','meta':{'versionId':'1'}}]}",
          "{'contained':[{'resourceType':'Device','id':'x','patient':{'reference':'#'}}]}",
          "{'resourceType':'Nothing'}",
          "{'resourceType':'patient'}",
          "{'resourceType':1}",
          "{'resourceType':'Observation'}",
          "{'id':'other'}",
          "{'id':'" + "a".repeat(65) + "'}",
          "{'meta':{'versionId':'1','lastUpdated':'2020-01-01T00:00:00Z'}}",
          "{'meta':{'lastUpdated':'2020-01-01'}}",
          "{'meta':{'profile':['http://hl7.org/fhir/StructureDefinition/vitalsigns']}}",
          "{'meta':{'profile':['http://hl7.org/fhir/StructureDefinition/bodyweight']}}",
          "{'meta':{'profile':['http://example.org/unknown-profile']}}",
          "{'meta':{'profile':['http://hl7.org/fhir/StructureDefinition/Patient']}}",
          "{'meta':{'tag':[{'system':'http://example.org','code':'a'}]}}",
          "{'language':'en-US'}",
          "{'language':'nonsense'}",
          "{'text':{'status':'generated','div':" + DIV + "a</div>'}}",
          "{'text':{'status':'generated','div':" + DIV + "</div>'}}",
          "{'text':{'status':'generated','div':" + DIV + "<script>a</script></div>'}}",
          "{'text':{'status':'generated','div':" + DIV + "<p onclick=\\'a\\'>a</p></div>'}}",
          "{'text':{'status':'generated','div':" + DIV + "<p>a</div>'}}",
          "{'text':{'status':'generated','div':'<div>a</div>'}}",
          "{'text':{'status':'generated'}}",
          "{'text':{'status':'nonsense','div':" + DIV + "a</div>'}}",
          "{'text':{'div':" + DIV + "a</div>'}}",
          "{'text':{'status':'empty','div':" + DIV + "a&nbsp;b &unknown; c</div>'}}");

  static final List<String> OF_ENTRIES =
      List.of(
          "{'fullUrl':'http://example.org/fhir/Patient/1'}",
          "{'fullUrl':'Patient/1'}",
          "{'fullUrl':'urn:uuid:123'}",
          "{'fullUrl':'urn:uuid:C757873D-EC9A-4326-A141-556F43239520'}",
          "{'fullUrl':'urn:oid:1.2.3'}",
          "{'fullUrl':'http://example.org/fhir/Patient/1/_history/2'}",
          "{'search':{'mode':'match','score':0.5}}",
          "{'request':{'method':'POST','url':'Patient'}}",
          "{'request':{'method':'BREW','url':'Patient'}}",
          "{'response':{'status':'200'}}",
          "{'link':[{'relation':'self','url':'http://example.org'}]}",
          "{'resource':{'resourceType':'Patient','id':'1'}}",
          "{'resource':{'resourceType':'Nothing'}}",
          "{'resource':{}}",
          "{'resource':{'resourceType':'Parameters','parameter':[{'name':'a','valueString':'b'}]}}",
          "{'resource':{'resourceType':'Bundle','type':'collection'}}");

  static final List<String> OF_BUNDLES =
      List.of(
          "{'type':'document'}",
          "{'type':'message'}",
          "{'type':'transaction'}",
          "{'type':'transaction-response'}",
          "{'type':'batch'}",
          "{'type':'batch-response'}",
          "{'type':'history'}",
          "{'type':'searchset'}",
          "{'type':'collection'}",
          "{'type':'nonsense'}",
          "{'total':3}",
          "{'total':-1}",
          "{'entry':[]}",
          "{'entry':[{}]}",
          "{'timestamp':'2020-01-01'}",
          "{'timestamp':'2020-01-01T00:00:00Z'}",
          "{'identifier':{'system':'urn:ietf:rfc:3986','value':'urn:uuid:123'}}",
          "{'link':[{'relation':'self','url':'http://example.org'}]}",
          "{'link':[{'relation':'self'}]}",
          "{'signature':{}}",
          "{'implicitRules':'http://example.org'}",
          "{'meta':{'profile':['http://example.org/p']}}");

  private Pieces() {}

  /** A value of a type, mostly a good one. */
  static String value(String type) {
    return switch (type) {
      case "Boolean" -> "true";
      case "Integer" -> "1";
      case "Decimal" -> "1.50";
      case "Uri" -> "'http://example.org'";
      case "DateTime" -> "'2020-01-01T00:00:00Z'";
      case "Date" -> "'2020-01-01'";
      case "Time" -> "'10:00:00'";
      case "Quantity" -> "{'value':1,'unit':'kg','system':'http://unitsofmeasure.org','code':'kg'}";
      case "Age" -> "{'value':1,'unit':'a','system':'http://unitsofmeasure.org','code':'a'}";
      case "CodeableConcept" -> "{'text':'a'}";
      case "Coding" -> "{'system':'http://loinc.org','code':'8867-4'}";
      case "Period" -> "{'start':'2020-01-02','end':'2020-01-01'}";
      case "Range" -> "{'low':{'value':2},'high':{'value':1}}";
      case "Ratio" -> "{'numerator':{'value':1}}";
      case "Reference" -> "{'display':'a'}";
      case "Timing" -> "{'repeat':{'frequency':1,'period':1}}";
      default -> "'a'";
    };
  }
}
