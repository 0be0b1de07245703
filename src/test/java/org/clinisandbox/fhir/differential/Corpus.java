package org.clinisandbox.fhir.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.fhir.JsonLimits;
import org.clinisandbox.fhir.JsonRefused;
import org.clinisandbox.fhir.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Bundles as others wrote them. A resource that is none stands in a collection. */
final class Corpus {
  /** HL7's own examples, as the jar of IBM's server has them. */
  static final String SPECIFICATION = "/json/spec";

  /** HL7's cases for validators. */
  static final String VALIDATOR_CASES = "/org/hl7/fhir/testcases/validator";

  /**
   * The size up to which an example is judged, in bytes. The larger ones are HL7's lists of all
   * definitions, and HAPI's time grows with the square of their entries.
   */
  private static final long LARGEST = 60_000;

  private static final StrictJson JSON =
      new StrictJson(new JsonLimits(64, 20_000, JsonLimits.DEFAULT.stringLength()));

  private Corpus() {}

  /** Synthea's records and the payloads, each a whole bundle. */
  static List<Example> records() {
    List<Example> records = new ArrayList<>();
    for (String folder : List.of("src/test/resources/synthea", "tests/payloads")) {
      records.addAll(folder(Path.of(folder)));
    }
    return records;
  }

  /** All of HL7's R4 examples. */
  static List<Example> specification() {
    return inJar("hl7", SPECIFICATION, "/patient-example.json", LARGEST);
  }

  /** HL7's cases for validators of R4, valid and invalid. */
  static List<Example> validatorCases() {
    JsonNode manifest = read(text(VALIDATOR_CASES + "/manifest.json"));
    List<String> names = new ArrayList<>();
    for (JsonNode test : manifest.path("test-cases").values()) {
      String file = test.path("file").asString("");
      if (test.path("version").asString("").startsWith("4.0") && file.endsWith(".json")) {
        names.add(file);
      }
    }
    return inJar("hl7-cases", VALIDATOR_CASES, "/manifest.json", LARGEST).stream()
        .filter(example -> names.contains(example.name().substring("hl7-cases/".length())))
        .toList();
  }

  /** The JSON files of a folder, or one file. */
  static List<Example> folder(Path path) {
    try (Stream<Path> files = Files.walk(path)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(file -> example(file.getFileName().toString(), text(file)))
          .filter(Objects::nonNull)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Example> inJar(String corpus, String folder, String known, long largest) {
    try {
      URI file = Objects.requireNonNull(Corpus.class.getResource(folder + known)).toURI();
      URI jar = URI.create(file.toString().substring(0, file.toString().indexOf('!')));
      List<Example> examples = new ArrayList<>();
      try (FileSystem open = FileSystems.newFileSystem(jar, java.util.Map.of());
          Stream<Path> files = Files.walk(open.getPath(folder))) {
        for (Path path : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
          if (Files.size(path) <= largest) {
            String name = open.getPath(folder).relativize(path).toString();
            Example example = example(corpus + "/" + name, text(path));
            if (example != null) {
              examples.add(example);
            }
          }
        }
      }
      return examples;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Null for what the edge refuses before any validator sees it, and for what is no resource. */
  private static @Nullable Example example(String name, String text) {
    JsonNode json;
    try {
      json = JSON.read(filled(text).getBytes(UTF_8));
    } catch (JsonRefused e) {
      return null;
    }
    JsonNode resource = json.path("fhir_bundle").isObject() ? json.get("fhir_bundle") : json;
    if (!resource.path("resourceType").isString() || isLookedUp(resource)) {
      return null;
    }
    String compact = Json.MAPPER.writeValueAsString(resource);
    return new Example(name, null, () -> wrapped(read(compact), name));
  }

  /** HAPI looks for the packages of a definition on the network. */
  private static boolean isLookedUp(JsonNode resource) {
    return resource.path("resourceType").asString("").equals("StructureDefinition")
        || resource.path("entry").valueStream().anyMatch(e -> isLookedUp(e.path("resource")))
        || resource.path("contained").valueStream().anyMatch(Corpus::isLookedUp);
  }

  /** Read anew at each use: thousands of trees would fill the heap. */
  static JsonNode read(String text) {
    try {
      return JSON.read(text.getBytes(UTF_8));
    } catch (JsonRefused e) {
      throw new IllegalStateException(e);
    }
  }

  /** The resource itself when it is a bundle; otherwise a collection of it. */
  static JsonNode wrapped(JsonNode resource, String name) {
    if (resource.path("resourceType").asString("").equals("Bundle")) {
      return resource;
    }
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("type", "collection");
    bundle
        .putArray("entry")
        .addObject()
        .put("fullUrl", "urn:uuid:" + UUID.nameUUIDFromBytes(name.getBytes(UTF_8)))
        .set("resource", resource);
    return bundle;
  }

  private static String filled(String text) {
    return text.replaceAll("@NOW(-\\d+[smhd])?@", "2026-02-03T04:05:06.789Z")
        .replaceAll("@TODAY(-\\d+[a-z])?@", "1960-02-03");
  }

  private static String text(Path file) {
    try {
      // Some of HL7's examples are no UTF-8, which is for the edge to refuse.
      return new String(Files.readAllBytes(file), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A resource beside this class or, by its whole name, of a jar. */
  static String text(String resource) {
    try (var in = Objects.requireNonNull(Corpus.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
