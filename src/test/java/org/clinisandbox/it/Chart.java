package org.clinisandbox.it;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.clinisandbox.fhir.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A patient's record in FHIR as a hospital would write it, measured an hour ago. */
final class Chart {
  static final String LOINC = "http://loinc.org";
  static final String SNOMED = "http://snomed.info/sct";
  static final String RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";
  private static final String UCUM = "http://unitsofmeasure.org";
  private static final String RACE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
  private static final String OMB = "urn:oid:2.16.840.1.113883.6.238";
  private static final String TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/";

  /** So long before today's date a birthday was that no midnight makes the patient older. */
  private static final int DAYS_SINCE_BIRTHDAY = 100;

  private final ObjectNode bundle = Json.MAPPER.createObjectNode();
  private final ArrayNode entries;
  private final ObjectNode patient;
  private final String measured =
      Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();

  /**
   * @param age in completed years today
   */
  Chart(String gender, int age) {
    bundle.put("resourceType", "Bundle").put("type", "collection");
    entries = bundle.putArray("entry");
    patient = resource("Patient");
    patient.put("gender", gender);
    patient.put(
        "birthDate",
        LocalDate.now(ZoneOffset.UTC).minusYears(age).minusDays(DAYS_SINCE_BIRTHDAY).toString());
  }

  private static String url(int number) {
    return "urn:uuid:5f0c0000-0000-4000-8000-" + "%012d".formatted(number);
  }

  private ObjectNode resource(String type) {
    ObjectNode entry = entries.addObject();
    entry.put("fullUrl", url(entries.size()));
    return entry
        .putObject("resource")
        .put("resourceType", type)
        .put("id", type.toLowerCase(java.util.Locale.ROOT) + "-" + entries.size());
  }

  private ObjectNode aboutPatient(String type) {
    ObjectNode resource = resource(type);
    resource.putObject("subject").put("reference", url(1));
    return resource;
  }

  private static ArrayNode coding(ObjectNode concept, String system, String code) {
    ArrayNode coding = concept.putArray("coding");
    coding.addObject().put("system", system).put("code", code);
    return coding;
  }

  private ObjectNode observation(String loinc) {
    ObjectNode observation = aboutPatient("Observation");
    observation.put("status", "final").put("effectiveDateTime", measured);
    coding(observation.putObject("code"), LOINC, loinc);
    return observation;
  }

  private static void quantity(ObjectNode holder, String value, String unit) {
    holder
        .putObject("valueQuantity")
        .put("value", new BigDecimal(value))
        .put("unit", unit)
        .put("system", UCUM)
        .put("code", unit);
  }

  /**
   * A measurement.
   *
   * @param unit a UCUM code
   */
  Chart measured(String loinc, String value, String unit) {
    quantity(observation(loinc), value, unit);
    return this;
  }

  /** A blood pressure as the panel of two that devices send. */
  Chart bloodPressure(int systolic, int diastolic) {
    ArrayNode components = observation("85354-9").putArray("component");
    for (var part : new String[][] {{"8480-6", "" + systolic}, {"8462-4", "" + diastolic}}) {
      ObjectNode component = components.addObject();
      coding(component.putObject("code"), LOINC, part[0]);
      quantity(component, part[1], "mm[Hg]");
    }
    return this;
  }

  /** An observation whose value is a code. */
  Chart coded(String loinc, String system, String code) {
    coding(observation(loinc).putObject("valueCodeableConcept"), system, code);
    return this;
  }

  /** An observation whose value is a text. */
  Chart text(String loinc, String text) {
    observation(loinc).put("valueString", text);
    return this;
  }

  /**
   * A problem that was verified.
   *
   * @param status as {@code active} or {@code resolved}
   */
  Chart condition(String system, String code, String status) {
    ObjectNode condition = aboutPatient("Condition");
    coding(condition.putObject("clinicalStatus"), TERMINOLOGY + "condition-clinical", status);
    coding(
        condition.putObject("verificationStatus"),
        TERMINOLOGY + "condition-ver-status",
        "confirmed");
    coding(condition.putObject("code"), system, code);
    return this;
  }

  /** A medicine that the patient says to be taking. */
  Chart medication(String rxnorm) {
    ObjectNode statement = aboutPatient("MedicationStatement");
    statement.put("status", "active").put("effectiveDateTime", measured);
    coding(statement.putObject("medicationCodeableConcept"), RXNORM, rxnorm);
    return this;
  }

  /** The race as US Core writes it: one OMB category. */
  Chart race(String omb, String display) {
    ObjectNode race = patient.putArray("extension").addObject().put("url", RACE);
    ArrayNode parts = race.putArray("extension");
    parts
        .addObject()
        .put("url", "ombCategory")
        .putObject("valueCoding")
        .put("system", OMB)
        .put("code", omb)
        .put("display", display);
    parts.addObject().put("url", "text").put("valueString", display);
    return this;
  }

  /** The body of a request for a diagnosis. */
  ObjectNode request(String model) {
    ObjectNode request = Json.MAPPER.createObjectNode().put("model_key", model);
    request.set("fhir_bundle", bundle);
    return request;
  }
}
