package org.clinisandbox.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;
import org.clinisandbox.bench.Clients.Round;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rounds as rows: printed, and kept. */
final class LoadTable {
  private static final double[] PERCENTILES = {50, 90, 99, 100};
  private static final String[] NAMES = {"p50", "p90", "p99", "max"};

  private final Results results;

  LoadTable(Results results) {
    this.results = results;
    System.out.println(
        "| server | what | load | a second, median | least to most | p50 | p90 | p99 | max | processor time each | errors |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  }

  static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /**
   * A row.
   *
   * @param offered requests a second; 0 for as many as came of the clients
   */
  void row(String peer, Load.Kind kind, String loop, double offered, List<Round> rounds) {
    Histogram all = Clients.histogram();
    Map<String, Long> errors = new TreeMap<>();
    ObjectNode row = results.rows().addObject();
    row.put("peer", peer).put("kind", kind.label()).put("loop", loop).put("offered", offered);
    ArrayNode each = row.putArray("rounds");
    for (Round round : rounds) {
      all.add(round.micros());
      round.errors().forEach((status, count) -> errors.merge(status, sum(count), Long::sum));
      each.addObject()
          .put("from", round.from().toString())
          .put("to", round.to().toString())
          .put("rate", round.rate())
          .put("p50_ms", millis(round.micros(), 50))
          .put("p99_ms", millis(round.micros(), 99))
          .put("processor_us", known(round.processorMicros()));
    }
    double[] rates = rounds.stream().mapToDouble(Round::rate).sorted().toArray();
    row.putObject("rate")
        .put("median", rates[rates.length / 2])
        .put("least", rates[0])
        .put("most", rates[rates.length - 1]);
    ObjectNode latency = row.putObject("latency_ms").put("mean", all.getMean() / 1000);
    StringBuilder columns = new StringBuilder();
    for (int i = 0; i < PERCENTILES.length; i++) {
      double millis = millis(all, PERCENTILES[i]);
      latency.put(NAMES[i], millis);
      columns.append(" | ").append(text(millis)).append(" ms");
    }
    double processor = median(rounds.stream().mapToDouble(Round::processorMicros));
    row.put("processor_us", known(processor));
    ObjectNode wrong = row.putObject("errors");
    errors.forEach(wrong::put);
    System.out.printf(
        "| %s | %s | %s | %,.0f | %,.0f to %,.0f%s | %s | %s |%n",
        peer,
        kind.text(),
        offered == 0 ? "closed" : "%,.0f a second".formatted(offered),
        rates[rates.length / 2],
        rates[0],
        rates[rates.length - 1],
        columns,
        Double.isNaN(processor) ? "" : "%,.0f µs".formatted(processor),
        errors.isEmpty() ? "none" : errors);
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private static long sum(LongAdder count) {
    return count.sum();
  }

  private static double millis(Histogram micros, double percentile) {
    return micros.getValueAtPercentile(percentile) / 1000.0;
  }

  /** Milliseconds with as many digits as mean something. */
  static String text(double millis) {
    return (millis < 0.1 ? "%.3f" : millis < 10 ? "%.2f" : "%.0f").formatted(millis);
  }
}
