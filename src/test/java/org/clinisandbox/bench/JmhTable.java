package org.clinisandbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.clinisandbox.fhir.Json;
import tools.jackson.databind.JsonNode;

/**
 * JMH's results as a table, each with its ratio to reading the same bundle into a tree. Ends with
 * the path of its own.
 */
public final class JmhTable {
  private JmhTable() {}

  public static void main(String[] args) throws Exception {
    Results kept = Results.begin("jmh");
    JsonNode results = Json.MAPPER.readTree(Files.readAllBytes(Path.of(args[0])));
    Map<String, Double> trees = new HashMap<>();
    for (JsonNode result : results) {
      if (name(result).equals("tree")) {
        trees.put(entries(result), score(result));
      }
    }
    System.out.println("| what | entries | models | touched | µs | ± | of the tree |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
    for (JsonNode result : results) {
      JsonNode params = result.path("params");
      kept.rows()
          .addObject()
          .put("what", name(result))
          .put("us", score(result))
          .put("error_us", error(result))
          .set("params", params);
      System.out.printf(
          "| %s | %s | %s | %s | %,.2f | %,.2f | %.3f × |%n",
          name(result),
          entries(result),
          params.path("models").asString(""),
          params.path("touched").asString(""),
          score(result),
          error(result),
          score(result) / trees.getOrDefault(entries(result), Double.NaN));
    }
    System.out.println(kept.write());
  }

  private static String name(JsonNode result) {
    return result.path("benchmark").stringValue().replaceFirst(".*\\.", "");
  }

  private static String entries(JsonNode result) {
    return result.path("params").path("entries").stringValue();
  }

  private static double error(JsonNode result) {
    return result.path("primaryMetric").path("scoreError").asDouble(Double.NaN);
  }

  private static double score(JsonNode result) {
    return result.path("primaryMetric").path("score").doubleValue();
  }
}
