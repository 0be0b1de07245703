package org.clinisandbox.bench;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import com.ibm.fhir.model.format.Format;
import com.ibm.fhir.model.parser.FHIRParser;
import com.ibm.fhir.model.parser.exception.FHIRParserException;
import com.ibm.fhir.model.resource.Bundle;
import com.ibm.fhir.validation.FHIRValidator;
import com.ibm.fhir.validation.exception.FHIRValidationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Checked;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.fhir.JsonLimits;
import org.clinisandbox.fhir.JsonRefused;
import org.clinisandbox.fhir.R4;
import org.clinisandbox.fhir.StrictJson;
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
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * From bytes to facts, against the floor, which is reading the same bytes into Jackson's tree; and
 * HAPI's and IBM's validators, each in a JVM of its own, as each measurement here is.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ValidationBench {
  private static final Map<String, String> RECORDS =
      Map.of(
          "70", "00_70entries",
          "244", "03_244entries",
          "544", "33_544entries",
          "1400", "54_1400entries");

  /** A bundle of so many entries, or of so many observations that refer to one another. */
  @State(Scope.Benchmark)
  public static class Given {
    @Param({"6", "70", "544", "1400", "mutual 2000", "mutual 4000"})
    public String entries = "6";

    final StrictJson strict = new StrictJson(JsonLimits.DEFAULT);
    final BundleCheck check = new BundleCheck(100);
    byte[] bytes = new byte[0];

    @Setup
    public void read() throws IOException, JsonRefused {
      bytes = bytes(entries);
      if (!(check.check(strict.read(bytes)) instanceof Checked.Valid)) {
        throw new IllegalStateException("The bundle is not valid.");
      }
    }
  }

  private static byte[] bytes(String entries) throws IOException {
    if (entries.startsWith("mutual ")) {
      return mutual(Integer.parseInt(entries.substring("mutual ".length())));
    }
    String record = RECORDS.get(entries);
    if (record == null) {
      return Json.MAPPER.writeValueAsBytes(
          Json.MAPPER
              .readTree(Files.readAllBytes(Path.of("target/valid.json")))
              .path("fhir_bundle"));
    }
    try (InputStream in =
        Objects.requireNonNull(
            ValidationBench.class.getResourceAsStream("/synthea/" + record + ".json"))) {
      return in.readAllBytes();
    }
  }

  /** Observations, each of which refers to the one before and the one after it. */
  private static byte[] mutual(int count) {
    ObjectNode bundle = Json.MAPPER.createObjectNode();
    bundle.put("resourceType", "Bundle").put("type", "collection");
    var entries = bundle.putArray("entry");
    for (int i = 0; i < count; i++) {
      ObjectNode entry = entries.addObject();
      entry.put("fullUrl", url(i));
      ObjectNode observation = entry.putObject("resource");
      observation.put("resourceType", "Observation").put("status", "final");
      observation.putObject("code").put("text", "x");
      var members = observation.putArray("hasMember");
      members.addObject().put("reference", url((i + 1) % count));
      members.addObject().put("reference", url((i + count - 1) % count));
    }
    return Json.MAPPER.writeValueAsBytes(bundle);
  }

  private static String url(int number) {
    return "urn:uuid:00000000-0000-4000-8000-%012d".formatted(number);
  }

  @Benchmark
  public int stream(Given given) {
    int tokens = 0;
    try (JsonParser parser = Json.MAPPER.createParser(given.bytes)) {
      while (parser.nextToken() != null) {
        tokens++;
      }
    }
    return tokens;
  }

  @Benchmark
  public JsonNode tree(Given given) {
    return Json.MAPPER.readTree(given.bytes);
  }

  @Benchmark
  public JsonNode strict(Given given) throws JsonRefused {
    return given.strict.read(given.bytes);
  }

  /** Strict reading, validation and facts. */
  @Benchmark
  public Checked whole(Given given) throws JsonRefused {
    return given.check.check(given.strict.read(given.bytes));
  }

  /** HAPI's parser, told to be strict, which validation by HAPI's object model would begin with. */
  @State(Scope.Thread)
  public static class Hapi {
    final IParser parser =
        FhirContext.forR4().newJsonParser().setParserErrorHandler(new StrictErrorHandler());
  }

  /** HAPI's strict parse, into its object model. */
  @Benchmark
  public Object hapiParse(Given given, Hapi hapi) {
    return hapi.parser.parseResource(new ByteArrayInputStream(given.bytes));
  }

  /** HAPI's validator, from text. */
  @Benchmark
  @Warmup(iterations = 2, time = 5)
  @Measurement(iterations = 3, time = 2)
  public Object hapi(Given given) throws JsonRefused {
    return R4.errors((ObjectNode) given.strict.read(given.bytes));
  }

  /** IBM's parser and validator, as they come. */
  @State(Scope.Thread)
  public static class Ibm {
    final FHIRParser parser = FHIRParser.parser(Format.JSON);
    final FHIRValidator validator = FHIRValidator.validator();
  }

  /** IBM's parser, whose model refuses wrong cardinalities, primitives and required codes. */
  @Benchmark
  @Warmup(iterations = 2, time = 5)
  public Object ibmParse(Given given, Ibm ibm) throws FHIRParserException {
    return ibm.parser.parse(new ByteArrayInputStream(given.bytes));
  }

  /** IBM's parser and its validator: constraints, as FHIRPath, and profiles. */
  @Benchmark
  @Warmup(iterations = 2, time = 5)
  @Measurement(iterations = 3, time = 2)
  public Object ibm(Given given, Ibm ibm) throws FHIRParserException, FHIRValidationException {
    return ibm.validator.validate(ibm.parser.<Bundle>parse(new ByteArrayInputStream(given.bytes)));
  }
}
