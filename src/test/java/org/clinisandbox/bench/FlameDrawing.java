package org.clinisandbox.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A tree of samples as a flame graph that hangs: callers above, a frame as wide as its time. */
final class FlameDrawing {
  private static final int WIDTH = 1200;
  private static final int ROW = 15;
  private static final int TOP = 40;
  private static final double NARROWEST = 3;

  private final Svg svg = new Svg(WIDTH);
  private final String title;
  private int deepest;
  private double scale;
  private long all;

  FlameDrawing(String title) {
    this.title = title;
  }

  void draw(FlameNode root, Path file) throws IOException {
    all = root.samples();
    scale = (double) WIDTH / all;
    svg.text(4, 14, title);
    double x = 4;
    for (String library : List.of("org.clinisandbox", "Spring, Tomcat", "JDK", "other libraries")) {
      svg.box(x, 20, 10, 10, color(library)).text(x + 14, 29, library);
      x += 30 + library.length() * Svg.CHARACTER;
    }
    frame(root, 0, 0);
    svg.write(file, TOP + (deepest + 1) * (double) ROW + 4);
  }

  private void frame(FlameNode node, double x, int depth) {
    double width = node.samples() * scale;
    double y = TOP + depth * (double) ROW;
    deepest = Math.max(deepest, depth);
    String share = String.format(Locale.ROOT, "%.1f %%", 100.0 * node.samples() / all);
    String label = node.frame().label();
    svg.titled(
        label + ", " + share,
        () -> {
          svg.box(x, y, Math.max(1, width - 0.5), ROW - 1.0, color(node.frame().library()));
          String fitting = fitting(label, share, width - 4);
          if (!fitting.isEmpty()) {
            svg.text(x + 2, y + 10.5, fitting);
          }
        });
    double at = x;
    for (FlameNode child : node.children()) {
      if (child.samples() * scale >= NARROWEST) {
        frame(child, at, depth + 1);
      }
      at += child.samples() * scale;
    }
  }

  private static String fitting(String label, String share, double width) {
    int room = (int) (width / Svg.CHARACTER);
    String whole = label + " " + share;
    if (whole.length() <= room) {
      return whole;
    }
    return room < 4 ? "" : label.length() <= room ? label : label.substring(0, room - 1) + "…";
  }

  private static String color(String library) {
    return switch (library) {
      case "org.clinisandbox" -> "#f6a15b";
      case "Spring, Tomcat" -> "#a9d18e";
      case "JDK" -> "#9dc3e6";
      case "" -> "#d9d9d9";
      default -> "#ffe08a";
    };
  }
}
