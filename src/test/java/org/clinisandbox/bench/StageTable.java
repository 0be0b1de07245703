package org.clinisandbox.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import org.HdrHistogram.Histogram;
import org.clinisandbox.stage.Stage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a job's time goes, by a flight recording of our server and the results of the load on it:
 * each stage's times, and its share of what the client measured. Two stages are gaps between
 * others: from a job's commit to its lease, and from its stored result to its webhook.
 */
public final class StageTable {
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final int DIGITS = 3;
  private static final String REST = "the rest: HTTP, looking until the job has ended, the client";

  private StageTable() {}

  private static String what(Stage stage) {
    return switch (stage) {
      case READ -> "read the body";
      case JSON -> "strict JSON";
      case VALIDATION -> "validate, read facts (with waiting for a thread)";
      case VERDICT -> "verdict";
      case KEYS -> "keys (waiting when none are ready)";
      case SEAL -> "seal";
      case COMMIT -> "commit the job (with waiting for the batch)";
      case LEASE -> "lease, acknowledge";
      case OPEN -> "open the inputs";
      case SANDBOX -> "take a warm sandbox";
      case MODEL -> "the model";
      case CHECK -> "check the reply, make the result";
      case STORE -> "seal and store the result";
      case WEBHOOK -> "send the webhook";
    };
  }

  /** What a job waits for between the stage before and this one; null for nothing. */
  private static @Nullable String gap(Stage before) {
    return switch (before) {
      case LEASE -> "queue, waiting for the worker";
      case WEBHOOK -> "waiting for the courier";
      default -> null;
    };
  }

  public static void main(String[] args) throws Exception {
    Results results = Results.read(Path.of(args[1]));
    ArrayNode stages = results.json().putArray("stages");
    for (Load.Kind kind : List.of(Load.Kind.RESULT, Load.Kind.WEBHOOK)) {
      JsonNode row = results.row("ours", kind.label(), "open");
      if (row.isObject()) {
        table(kind, row, times(Path.of(args[0]), row), stages);
      }
    }
    results.write();
  }

  private static Map<String, Histogram> times(Path recording, JsonNode row) throws Exception {
    Map<String, Histogram> times = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      String gap = gap(stage);
      if (gap != null) {
        times.put(gap, new Histogram(LONGEST_NANOS, DIGITS));
      }
      times.put(what(stage), new Histogram(LONGEST_NANOS, DIGITS));
    }
    Map<String, Instant> ended = new HashMap<>();
    for (RecordedEvent event :
        Recorded.events(recording, "org.clinisandbox.Stage", row)
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .toList()) {
      Stage stage = Stage.valueOf(event.getString("stage").toUpperCase(Locale.ROOT));
      String job = event.getString("job");
      String gap = gap(stage);
      Instant before = gap == null ? null : ended.remove(job);
      if (before != null) {
        record(times, gap, Duration.between(before, event.getStartTime()));
      }
      record(times, what(stage), event.getDuration());
      if (stage == Stage.COMMIT || stage == Stage.STORE) {
        ended.put(job, event.getEndTime());
      }
    }
    times.values().removeIf(histogram -> histogram.getTotalCount() == 0);
    return times;
  }

  /** A gap may be less than none: a worker has its job before the accept's thread goes on. */
  private static void record(Map<String, Histogram> times, @Nullable String stage, Duration time) {
    Histogram nanos = times.get(stage);
    if (nanos != null) {
      nanos.recordValue(Math.max(0, time.toNanos()));
    }
  }

  private static void table(
      Load.Kind kind, JsonNode row, Map<String, Histogram> times, ArrayNode stages) {
    double whole = row.at("/latency_ms/mean").doubleValue();
    System.out.printf("%nA job's way %s, %s%n", kind.text(), "mean %.1f ms".formatted(whole));
    System.out.println("| stage | times | mean | p50 | p99 | share |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    double rest = whole;
    for (Map.Entry<String, Histogram> stage : times.entrySet()) {
      Histogram nanos = stage.getValue();
      double mean = nanos.getMean() / 1e6;
      rest -= mean;
      double p50 = nanos.getValueAtPercentile(50) / 1e6;
      double p99 = nanos.getValueAtPercentile(99) / 1e6;
      put(stages, kind, stage.getKey(), mean, mean / whole)
          .put("times", nanos.getTotalCount())
          .put("p50_ms", p50)
          .put("p99_ms", p99);
      System.out.printf(
          "| %s | %,d | %s ms | %s ms | %s ms | %.1f %% |%n",
          stage.getKey(),
          nanos.getTotalCount(),
          LoadTable.text(mean),
          LoadTable.text(p50),
          LoadTable.text(p99),
          100 * mean / whole);
    }
    put(stages, kind, REST, rest, rest / whole);
    System.out.printf(
        "| %s | | %s ms | | | %.1f %% |%n", REST, LoadTable.text(rest), 100 * rest / whole);
  }

  private static ObjectNode put(
      ArrayNode stages, Load.Kind kind, String stage, double mean, double share) {
    return stages
        .addObject()
        .put("kind", kind.label())
        .put("stage", stage)
        .put("mean_ms", mean)
        .put("share", share);
  }
}
