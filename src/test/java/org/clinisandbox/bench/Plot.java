package org.clinisandbox.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Draws the results of a load: what each server does at most, how long it takes at half of that,
 * and where.
 */
public final class Plot {
  private static final int WIDTH = 900;
  private static final int LEFT = 330;
  private static final int RIGHT = 820;
  private static final int ROW = 20;
  private static final String FULL = "#f6a15b";
  private static final String PALE = "#9dc3e6";
  private static final String INK = "#444";

  private final Svg svg = new Svg(WIDTH);
  private double y = 20;

  private Plot() {}

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    Results results = Results.read(file);
    new Plot().draw(results.json(), Path.of(args[0].replaceFirst("\\.json$", ".svg")));
  }

  private void draw(JsonNode json, Path file) throws IOException {
    svg.text(
        4,
        y,
        "%s, commit %s, %s, %d processors"
            .formatted(
                json.path("date").asString(),
                json.path("commit").asString(),
                json.at("/machine/processor").asString(),
                json.at("/machine/processors").asInt()));
    List<JsonNode> rows = json.path("rows").valueStream().toList();
    Scale rates =
        heading(
            "Requests a second at most: median, least to most",
            rows,
            "closed",
            "/rate/least",
            "/rate/most",
            "");
    for (JsonNode row : rows) {
      if (row.path("loop").asString().equals("closed")) {
        double median = row.at("/rate/median").doubleValue();
        name(row);
        svg.box(LEFT, y - 9, rates.x(median) - LEFT, 11, FULL);
        span(rates, row.at("/rate/least").doubleValue(), row.at("/rate/most").doubleValue());
        svg.text(RIGHT + 8, y, String.format(Locale.ROOT, "%,.0f", median));
      }
    }
    Scale times =
        heading(
            "Milliseconds at half of that: p50 to p90 to p99, a line to the longest",
            rows,
            "open",
            "/latency_ms/p50",
            "/latency_ms/max",
            " ms");
    for (JsonNode row : rows) {
      if (row.path("loop").asString().equals("open")) {
        JsonNode latency = row.path("latency_ms");
        double p50 = times.x(latency.path("p50").doubleValue());
        double p90 = times.x(latency.path("p90").doubleValue());
        double p99 = times.x(latency.path("p99").doubleValue());
        name(row);
        svg.box(p50, y - 9, Math.max(1, p90 - p50), 11, FULL);
        svg.box(p90, y - 9, Math.max(1, p99 - p90), 11, PALE);
        span(times, latency.path("p99").doubleValue(), latency.path("max").doubleValue());
        svg.text(RIGHT + 8, y, LoadTable.text(latency.path("p50").doubleValue()) + " ms");
      }
    }
    stages(json.path("stages"));
    svg.write(file, y + 12);
  }

  private void stages(JsonNode stages) {
    String kind = "";
    for (JsonNode stage : stages) {
      if (!kind.equals(stage.path("kind").asString())) {
        kind = stage.path("kind").asString();
        y += 36;
        svg.text(4, y, "Where our server's time goes, to the " + kind + ": share of the mean");
      }
      y += ROW;
      double share = Math.max(0, stage.path("share").doubleValue());
      svg.text(4, y, stage.path("stage").asString());
      svg.box(LEFT + 60, y - 9, Math.max(1, share * (RIGHT - LEFT - 60)), 11, FULL);
      svg.text(
          RIGHT + 8,
          y,
          String.format(Locale.ROOT, "%.1f %%", 100 * stage.path("share").doubleValue()));
    }
  }

  private void name(JsonNode row) {
    y += ROW;
    svg.text(4, y, row.path("peer").asString() + ", " + row.path("kind").asString());
  }

  private void span(Scale scale, double least, double most) {
    svg.line(scale.x(least), y - 3.5, scale.x(most), y - 3.5, INK);
  }

  /** A logarithmic axis with a line at each power of ten. */
  private record Scale(double least, double most) {
    double x(double value) {
      return LEFT
          + (RIGHT - LEFT)
              * (Math.log10(Math.max(value, least)) - Math.log10(least))
              / (Math.log10(most) - Math.log10(least));
    }
  }

  private Scale heading(
      String words, List<JsonNode> rows, String loop, String least, String most, String unit) {
    List<JsonNode> shown =
        rows.stream().filter(row -> row.path("loop").asString().equals(loop)).toList();
    double low = shown.stream().mapToDouble(row -> row.at(least).doubleValue()).min().orElse(1);
    double high = shown.stream().mapToDouble(row -> row.at(most).doubleValue()).max().orElse(10);
    Scale scale =
        new Scale(
            Math.pow(10, Math.floor(Math.log10(low))), Math.pow(10, Math.ceil(Math.log10(high))));
    y += 36;
    svg.text(4, y, words);
    y += ROW;
    for (double power = scale.least(); power < scale.most() * 1.01; power *= 10) {
      double x = scale.x(power);
      svg.text(x + 2, y, String.format(Locale.ROOT, power < 1 ? "%.1f" : "%.0f", power) + unit);
      svg.line(x, y - 8, x, y + 4 + shown.size() * (double) ROW, "#ddd");
    }
    return scale;
  }
}
