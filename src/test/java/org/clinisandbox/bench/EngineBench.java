package org.clinisandbox.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.negotiation.Catalogue;
import org.clinisandbox.negotiation.Matches;
import org.clinisandbox.negotiation.Negotiator;
import org.clinisandbox.negotiation.Verdict;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;

/**
 * The pure engine against the floor, which is reading the same bytes into Jackson's tree: facts
 * from a tree, one verdict on a manifest of 30 inputs, and a match over a registry, for a bundle of
 * 6 entries and a record of 1 400.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EngineBench {
  /** 30 measurements that Synthea's records carry, each with the unit that a model might want. */
  private static final List<String> INPUTS =
      List.of(
          "2093-3 mmol/L",
          "2571-8 mg/dL",
          "18262-6 mg/dL",
          "2085-9 mg/dL",
          "8302-2 m",
          "29463-7 kg",
          "39156-5 kg/m2",
          "8462-4 mm[Hg]",
          "8480-6 mm[Hg]",
          "8867-4 /min",
          "9279-1 /min",
          "2339-0 mmol/L",
          "6299-2 mg/dL",
          "38483-4 umol/L",
          "49765-1 mg/dL",
          "2947-0 mmol/L",
          "6298-4 mmol/L",
          "2069-3 mmol/L",
          "2885-2 g/L",
          "1751-7 g/dL",
          "1975-2 mg/dL",
          "6768-6 U/L",
          "1742-6 U/L",
          "1920-8 U/L",
          "6690-2 10*9/L",
          "789-8 10*12/L",
          "718-7 g/dL",
          "4544-3 %",
          "777-3 10*9/L",
          "8310-5 Cel");

  static Manifest manifest(String key, String body) {
    String yaml =
        "key: "
            + key
            + "\nversion: \"1.0\"\nname: M\nimage: mock/m\nrequired_patient: [age, sex]\n"
            + "required_observations:\n"
            + body;
    return ((ManifestReading.Read)
            ManifestReader.read(ManifestReader.fromYaml(yaml.getBytes(StandardCharsets.UTF_8))))
        .manifest();
  }

  private static String line(int number, String codeAndUnit) {
    String[] halves = codeAndUnit.split(" ", 2);
    return "  - { name: x"
        + number
        + ", code: \""
        + halves[0]
        + "\", unit: \""
        + halves[1]
        + "\", max_age: P9000D, range: { low: 0, high: 100000 } }\n";
  }

  /** A bundle in each form that a request passes through. */
  @State(Scope.Benchmark)
  public static class Given {
    @Param({"6", "1400"})
    public int entries;

    byte[] bytes = new byte[0];
    JsonNode tree = Json.MAPPER.nullNode();
    Facts facts = BundleCheck.facts(Json.MAPPER.createObjectNode());
    Negotiator negotiator = new Negotiator(manifest("m", line(0, INPUTS.getFirst())));
    Instant now = Instant.EPOCH;

    @Setup
    public void read() throws Exception {
      if (entries == 6) {
        bytes =
            Json.MAPPER.writeValueAsBytes(
                Json.MAPPER
                    .readTree(Files.readAllBytes(Path.of("target/small.json")))
                    .path("fhir_bundle"));
        now = Instant.now();
      } else {
        bytes = Files.readAllBytes(Path.of("src/test/resources/synthea/54_1400entries.json"));
        now = Instant.parse("2000-07-05T00:00:00Z");
      }
      tree = Json.MAPPER.readTree(bytes);
      facts = BundleCheck.facts(tree);
      StringBuilder body = new StringBuilder();
      for (int i = 0; i < INPUTS.size(); i++) {
        body.append(line(i, INPUTS.get(i)));
      }
      negotiator = new Negotiator(manifest("m", body.toString()));
    }
  }

  @Benchmark
  public JsonNode tree(Given given) {
    return Json.MAPPER.readTree(given.bytes);
  }

  @Benchmark
  public Facts facts(Given given) {
    return BundleCheck.facts(given.tree);
  }

  @Benchmark
  public Verdict verdict(Given given) {
    return given.negotiator.negotiate(given.facts, given.now);
  }

  /** A registry of which some models ask for what the record has, and the rest for other things. */
  @State(Scope.Benchmark)
  public static class Registry {
    @Param({"10", "1000", "10000"})
    public int models;

    @Param({"10", "1000"})
    public int touched;

    Catalogue catalogue = new Catalogue(List.of());

    @Setup
    public void register() {
      List<Negotiator> all = new ArrayList<>();
      for (int i = 0; i < models; i++) {
        StringBuilder body = new StringBuilder();
        for (int j = 0; j < 5; j++) {
          body.append(
              i < touched
                  ? line(j, INPUTS.get((i * 7 + j * 5) % INPUTS.size()))
                  : "  - { name: x"
                      + j
                      + ", system: \"urn:other\", code: c"
                      + i
                      + "-"
                      + j
                      + " }\n");
        }
        all.add(new Negotiator(manifest("m" + i, body.toString())));
      }
      catalogue = new Catalogue(all);
    }
  }

  @Benchmark
  public Matches match(Given given, Registry registry) {
    return registry.catalogue.match(given.facts, given.now);
  }
}
