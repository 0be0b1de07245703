package org.clinisandbox.fhir;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Small bundles, written with single quotes. */
final class Samples {
  static final String PATIENT_URL = "urn:uuid:11111111-1111-4111-8111-111111111111";

  private Samples() {}

  static ObjectNode json(String text) {
    return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
  }

  static String entry(String fullUrl, String resource) {
    return "{'fullUrl':'" + fullUrl + "','resource':" + resource + "}";
  }

  static String patient(String more) {
    return entry(PATIENT_URL, "{'resourceType':'Patient','id':'p1'" + more + "}");
  }

  /** An Observation with a fullUrl of its own; {@code more} is the rest of its properties. */
  static String observation(int number, String more) {
    return entry(
        "urn:uuid:22222222-2222-4222-8222-%012d".formatted(number),
        "{'resourceType':'Observation','id':'o"
            + number
            + "','status':'final','code':{'coding':[{'system':'http://loinc.org','code':'8867-4'}]}"
            + more
            + "}");
  }

  static String subject(String reference) {
    return ",'subject':{'reference':'" + reference + "'}";
  }

  static JsonNode bundle(String... entries) {
    return json(
        "{'resourceType':'Bundle','type':'collection','entry':["
            + String.join(",", entries)
            + "]}");
  }

  /** A valid bundle with most of what clients send. */
  static JsonNode rich() {
    List<String> entries = new ArrayList<>();
    entries.add(
        patient(
            ",'active':true,'identifier':[{'system':'http://hospital.example/mrn','value':'4711'}],"
                + "'name':[{'use':'official','family':'Miller','given':['Anna','Maria']}],"
                + "'telecom':[{'system':'phone','value':'555-0100'}],"
                + "'gender':'female','birthDate':'1950-03-04',"
                + "'_birthDate':{'extension':[{"
                + "'url':'http://hl7.org/fhir/StructureDefinition/patient-birthTime',"
                + "'valueDateTime':'1950-03-04T10:00:00Z'}]},"
                + "'address':[{'line':['1 Main St'],'city':'Boston','postalCode':'02101',"
                + "'period':{'start':'2001-01-01'}}],'multipleBirthInteger':2"));
    entries.add(
        observation(
            1,
            subject(PATIENT_URL)
                + ",'effectiveDateTime':'2026-01-02T03:04:05Z','issued':'2026-01-02T04:00:00.000Z',"
                + "'category':[{'coding':[{'system':"
                + "'http://terminology.hl7.org/CodeSystem/observation-category',"
                + "'code':'vital-signs'}]}],"
                + "'note':[{'text':'after walking'}],'performer':[{'reference':'#dr'}],"
                + "'contained':[{'resourceType':'Practitioner','id':'dr','name':[{'family':'House'}]}],"
                + "'valueQuantity':{'value':88.50,'unit':'beats/min',"
                + "'system':'http://unitsofmeasure.org','code':'/min'}"));
    entries.add(
        observation(
            2,
            subject("Patient/p1")
                + ",'effectivePeriod':{'start':'2026-01-01','end':'2026-01-02'},"
                + "'component':[{'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]},"
                + "'valueQuantity':{'value':120,'unit':'mmHg','system':"
                + "'http://unitsofmeasure.org','code':'mm[Hg]'}},"
                + "{'code':{'text':'position'},'valueString':'sitting'}]"));
    entries.add(
        entry(
            "urn:uuid:33333333-3333-4333-8333-333333333333",
            "{'resourceType':'Condition','id':'c1','subject':{'reference':'"
                + PATIENT_URL
                + "','display':'Anna Miller'},'code':{'text':'diabetes'},"
                + "'onsetAge':{'value':40,'system':'http://unitsofmeasure.org','code':'a'},"
                + "'recordedDate':'2020-05-06'}"));
    entries.add(
        entry(
            "urn:uuid:66666666-6666-4666-8666-666666666666",
            "{'resourceType':'MedicationStatement','id':'m1','status':'active','subject':"
                + "{'reference':'"
                + PATIENT_URL
                + "'},'contained':[{'resourceType':'Medication','id':'med','code':{'coding':["
                + "{'system':'http://www.nlm.nih.gov/research/umls/rxnorm','code':'6809'}]}}],"
                + "'medicationReference':{'reference':'#med'},"
                + "'effectivePeriod':{'start':'2020-01-01'}}"));
    entries.add(
        entry(
            "urn:uuid:77777777-7777-4777-8777-777777777777",
            "{'resourceType':'MedicationRequest','id':'m2','status':'active','intent':'order',"
                + "'subject':{'reference':'Patient/p1'},'authoredOn':'2020-01-01',"
                + "'medicationCodeableConcept':{'text':'aspirin'}}"));
    return bundle(entries.toArray(String[]::new));
  }
}
