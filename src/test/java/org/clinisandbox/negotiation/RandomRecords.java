package org.clinisandbox.negotiation;

import static org.clinisandbox.negotiation.Given.NOW;
import static org.clinisandbox.negotiation.RandomModels.pick;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.negotiation.RandomModels.Measure;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bundles that speak to the models of {@link RandomModels}, well or badly. */
final class RandomRecords {
  private final Random random;
  private final boolean patient;
  private final ArrayNode entries;

  private RandomRecords(Random random, ObjectNode bundle) {
    this.random = random;
    this.patient = random.nextInt(8) > 0;
    this.entries = bundle.putArray("entry");
  }

  /** One in eight has no Patient resource. */
  static ObjectNode record(Random random) {
    ObjectNode bundle = Replies.empty();
    RandomRecords records = new RandomRecords(random, bundle);
    if (records.patient) {
      records.patient();
    }
    int count = random.nextInt(20);
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(6)) {
        case 0 -> records.condition();
        case 1 -> records.medication();
        default -> records.observation();
      }
    }
    return bundle;
  }

  private ObjectNode add(String type, String id) {
    ObjectNode entry = entries.addObject();
    entry.put("fullUrl", "urn:uuid:00000000-0000-4000-8000-%012d".formatted(entries.size()));
    return entry.putObject("resource").put("resourceType", type).put("id", id);
  }

  private ObjectNode resource(String type) {
    ObjectNode resource = add(type, "r" + entries.size());
    if (patient) {
      String whose = random.nextInt(10) == 0 ? "Patient/other" : "Patient/p";
      resource.putObject("subject").put("reference", whose);
    }
    return resource;
  }

  private static void code(ObjectNode holder, String name, @Nullable String system, String code) {
    holder.putObject(name).putArray("coding").addObject().put("system", system).put("code", code);
  }

  private void patient() {
    ObjectNode patient = add("Patient", "p");
    if (random.nextInt(4) > 0) {
      patient.put("gender", pick(random, List.of("female", "female", "male", "unknown")));
    }
    if (random.nextInt(4) > 0) {
      patient.put(
          "birthDate",
          pick(
              random,
              List.of("1959-03-01", "1980-05-05", "2015-01-01", "1990", "2006", "1850-01-01")));
    }
  }

  private void observation() {
    ObjectNode observation = resource("Observation");
    observation.put(
        "status",
        pick(random, List.of("final", "final", "final", "amended", "preliminary", "cancelled")));
    if (random.nextInt(8) == 0) {
      code(observation, "code", Given.SNOMED, pick(random, RandomModels.CONDITIONS));
      observation.put("valueBoolean", random.nextBoolean());
    } else {
      Measure measure = pick(random, RandomModels.MEASURES);
      String accepts = measure.accepts();
      code(
          observation,
          "code",
          Coding.LOINC,
          accepts != null && random.nextBoolean() ? accepts : measure.code());
      value(observation, measure);
    }
    Instant at = time();
    if (at != null) {
      observation.put("effectiveDateTime", at.toString());
    }
  }

  private void value(ObjectNode observation, Measure measure) {
    switch (random.nextInt(9)) {
      case 0 -> observation.put("valueString", pick(random, List.of("alert", "high")));
      case 1 ->
          code(
              observation,
              "dataAbsentReason",
              "http://terminology.hl7.org/CodeSystem/data-absent-reason",
              pick(random, List.of("asked-unknown", "asked-declined", "masked")));
      case 2 -> quantity(observation, measure, "kg").put("comparator", "<");
      case 3 -> quantity(observation, measure, pick(random, List.of("[degF]", "warmth", "umol/L")));
      default -> {
        if (measure.isCoded()) {
          code(observation, "valueCodeableConcept", "urn:w", pick(random, RandomModels.WORDS));
        } else {
          quantity(observation, measure, measure.unit());
        }
      }
    }
  }

  private ObjectNode quantity(ObjectNode observation, Measure measure, @Nullable String unit) {
    ObjectNode quantity = observation.putObject("valueQuantity");
    quantity.put("value", BigDecimal.valueOf(random.nextInt(measure.high() + 5)));
    if (unit != null) {
      quantity.put("system", Coding.UCUM).put("code", unit);
    }
    return quantity;
  }

  /** Few different times, so that many meet. */
  private @Nullable Instant time() {
    return switch (random.nextInt(10)) {
      case 0 -> null;
      case 1 -> NOW.plus(Duration.ofDays(1));
      case 2, 3 -> NOW.minus(Duration.ofDays(1 + random.nextInt(100)));
      default -> NOW.minus(Duration.ofHours(1 + random.nextInt(4)));
    };
  }

  private void condition() {
    ObjectNode condition = resource("Condition");
    code(condition, "code", Given.SNOMED, pick(random, RandomModels.CONDITIONS));
    code(
        condition,
        "verificationStatus",
        "http://terminology.hl7.org/CodeSystem/condition-ver-status",
        pick(
            random,
            List.of("confirmed", "confirmed", "provisional", "refuted", "entered-in-error")));
    code(
        condition,
        "clinicalStatus",
        "http://terminology.hl7.org/CodeSystem/condition-clinical",
        pick(random, List.of("active", "resolved")));
    condition.put("recordedDate", "2020-05-0" + (1 + random.nextInt(9)));
  }

  private void medication() {
    ObjectNode statement = resource("MedicationStatement");
    statement.put(
        "status",
        pick(random, List.of("active", "stopped", "not-taken", "on-hold", "entered-in-error")));
    code(
        statement,
        "medicationCodeableConcept",
        RandomModels.RXNORM,
        pick(random, RandomModels.MEDICINES));
  }
}
