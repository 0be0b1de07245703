package org.clinisandbox.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.clinisandbox.fhir.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run measured, as the file bench/results/DATE-COMMIT-NAME.json: the machine, the JVM, how
 * busy everybody was, and a row for each figure.
 */
final class Results {
  private static final Path FOLDER = Path.of("bench", "results");

  private final Path file;
  private final ObjectNode json;

  private Results(Path file, ObjectNode json) {
    this.file = file;
    this.json = json;
  }

  /** A new run's; the commit is the scripts' variable BENCH_COMMIT. */
  static Results begin(String name) throws IOException {
    String commit = System.getenv().getOrDefault("BENCH_COMMIT", "unknown");
    String date = LocalDate.now(ZoneOffset.UTC).toString();
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("name", name).put("date", date).put("commit", commit);
    ObjectNode machine = json.putObject("machine");
    machine.put("processor", processor()).put("processors", processors());
    machine.put("memory_mb", memory() >> 20);
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("load_average_before", loadAverage());
    json.putObject("jvm")
        .put("version", Runtime.version().toString())
        .put("flags", String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()))
        .put("server_flags", System.getenv().getOrDefault("CLINISANDBOX_JAVA_OPTIONS", ""));
    json.putArray("rows");
    return new Results(FOLDER.resolve(date + "-" + commit + "-" + name + ".json"), json);
  }

  static Results read(Path file) throws IOException {
    return new Results(file, (ObjectNode) Json.MAPPER.readTree(Files.readAllBytes(file)));
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  private static String processor() throws IOException {
    Path told = Path.of("/proc/cpuinfo");
    if (!Files.exists(told)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(told)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.replaceFirst(".*: ", ""))
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }

  ObjectNode json() {
    return json;
  }

  ArrayNode rows() {
    return (ArrayNode) json.get("rows");
  }

  /** The row of these three, or a missing node. */
  JsonNode row(String peer, String kind, String loop) {
    return rows()
        .valueStream()
        .filter(
            row ->
                row.path("peer").asString("").equals(peer)
                    && row.path("kind").asString("").equals(kind)
                    && row.path("loop").asString("").equals(loop))
        .findFirst()
        .orElse(Json.MAPPER.missingNode());
  }

  /** How busy the machine was in the last minute goes with the run when it ends. */
  Results end() {
    ((ObjectNode) json.get("machine")).put("load_average_after", loadAverage());
    return this;
  }

  Path write() throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    byte[] bytes =
        Json.MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(json);
    Files.write(file, bytes);
    System.err.println("results: " + file);
    return file;
  }
}
