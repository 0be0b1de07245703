package org.clinisandbox.negotiation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Manifests with requirements of every kind; the same seed gives the same one. No two requirements
 * of one manifest share a code, every series can be met, and no rule says no.
 */
final class RandomModels {
  /** What can be measured: its codes, and what is plausible; a coded answer has no unit. */
  record Measure(String code, @Nullable String accepts, @Nullable String unit, int low, int high) {
    boolean isCoded() {
      return code.equals("67775-7");
    }
  }

  static final List<Measure> MEASURES =
      List.of(
          new Measure("8310-5", "8331-1", "Cel", 25, 45),
          new Measure("8867-4", null, "/min", 0, 350),
          new Measure("8480-6", null, "mm[Hg]", 20, 350),
          new Measure("2160-0", "38483-4", "mg/dL", 0, 40),
          new Measure("59408-5", "2708-6", "%", 0, 100),
          new Measure("3151-8", null, "L/min", 0, 80),
          new Measure("777-3", null, "10*9/L", 1, 5000),
          new Measure("67775-7", null, null, 0, 0),
          new Measure("9269-2", null, null, 0, 15));
  static final List<String> WORDS = List.of("alert", "voice", "pain");
  static final List<String> CONDITIONS = List.of("44054006", "38341003", "13645005");
  static final List<String> MEDICINES = List.of("6809", "1191");
  static final String RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";

  private final Random random;
  private final ObjectNode manifest = Json.MAPPER.createObjectNode();
  private final List<String> names = new ArrayList<>();

  private RandomModels(Random random) {
    this.random = random;
  }

  static Manifest manifest(Random random) {
    return new RandomModels(random).make("m");
  }

  static Manifest manifest(Random random, String key) {
    return new RandomModels(random).make(key);
  }

  static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private boolean maybe() {
    return random.nextBoolean();
  }

  private Manifest make(String key) {
    manifest.put("key", key).put("version", "1.0").put("name", "Model").put("image", "mock/m");
    if (random.nextInt(3) == 0) {
      population();
    }
    ArrayNode patient = manifest.putArray("required_patient");
    for (String item : List.of("age", "sex", "race")) {
      if (random.nextInt(3) == 0) {
        patient.addObject().put("name", item).put("mandatory", maybe());
        names.add(item);
      }
    }
    observations();
    statements("required_conditions", Given.SNOMED, CONDITIONS);
    statements("required_medications", RXNORM, MEDICINES);
    if (!names.isEmpty() && random.nextInt(3) == 0) {
      String name = "%" + pick(random, names);
      manifest
          .putArray("rules")
          .addObject()
          .put("expression", name + ".exists() or " + name + ".empty()")
          .put("message", "No.");
    }
    return switch (ManifestReader.read(manifest)) {
      case ManifestReading.Read(Manifest read) -> read;
      case ManifestReading.Refused refused -> throw new AssertionError(refused.sentence());
    };
  }

  private void population() {
    ObjectNode population = manifest.putObject("population");
    if (maybe()) {
      population.putObject("age").put("low", 16 + random.nextInt(5)).put("high", 80);
    }
    if (maybe()) {
      population.putArray("sex").add("female");
      if (maybe()) {
        population.withArray("sex").add("male");
      }
    }
  }

  private void observations() {
    List<Measure> measures = new ArrayList<>(MEASURES);
    Collections.shuffle(measures, random);
    int count = random.nextInt(7);
    int grouped = count >= 3 && maybe() ? 2 + random.nextInt(2) : 0;
    ArrayNode list = manifest.putArray("required_observations");
    for (int i = 0; i < count; i++) {
      observation(list.addObject(), "o" + i, measures.get(i), i < grouped);
      names.add("o" + i);
    }
    if (grouped > 0) {
      ObjectNode group = manifest.putArray("any_of").addObject().put("name", "group");
      group.put("mandatory", maybe());
      for (int i = grouped - 1; i >= 0; i--) {
        group.withArray("inputs").add("o" + i);
      }
    }
  }

  private void observation(ObjectNode node, String name, Measure measure, boolean grouped) {
    node.put("name", name).put("code", measure.code()).put("answered_by", who());
    boolean optional = !grouped && maybe();
    if (optional) {
      node.put("mandatory", false);
    }
    if (measure.accepts() != null && maybe()) {
      node.putArray("accepts").add(measure.accepts());
    }
    if (maybe()) {
      node.put("max_age", pick(random, List.of("PT24H", "P7D", "P90D")));
    }
    if (random.nextInt(4) == 0) {
      node.putArray("statuses").add("preliminary");
    }
    if (measure.isCoded()) {
      ArrayNode allowed = node.putObject("coded").putArray("allowed");
      WORDS.forEach(w -> allowed.addObject().put("system", "urn:w").put("code", w).put("value", w));
    } else if (random.nextInt(4) == 0) {
      int count = 2 + random.nextInt(2);
      Duration spacing = Duration.ofHours(1 + random.nextInt(40));
      node.put("count", count).put("max_age", spacing.multipliedBy(count).plusDays(1).toString());
      if (maybe()) {
        node.put("spacing", spacing.toString());
      }
    } else if (optional && measure.unit() != null && maybe()) {
      node.put("default", measure.low());
    }
    if (measure.unit() != null) {
      node.put("unit", measure.unit());
      node.putObject("range").put("low", measure.low()).put("high", measure.high());
      node.put("tolerance", random.nextInt(2));
    }
  }

  private String who() {
    return pick(random, List.of("patient", "nurse", "clinician", "lab", "record"));
  }

  private void statements(String kind, String system, List<String> codes) {
    ArrayNode list = manifest.putArray(kind);
    for (String code : codes) {
      if (random.nextInt(4) == 0) {
        String name = "s" + code;
        ObjectNode node =
            list.addObject().put("name", name).put("absent", maybe() ? "ask" : "false");
        node.putArray("codes").addObject().put("system", system).put("code", code);
        names.add(name);
      }
    }
  }
}
