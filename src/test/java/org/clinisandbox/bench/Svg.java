package org.clinisandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A drawing of rectangles, lines and words; the same drawing always gives the same bytes. */
final class Svg {
  /** Width of a character of its only font, about. */
  static final double CHARACTER = 6.1;

  private final StringBuilder body = new StringBuilder();
  private final int width;

  Svg(int width) {
    this.width = width;
  }

  Svg box(double x, double y, double w, double h, String color) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'/>%n",
            x,
            y,
            w,
            h,
            color));
    return this;
  }

  Svg line(double x1, double y1, double x2, double y2, String color) {
    body.append(
        String.format(
            Locale.ROOT, "<path d='M%.1f %.1fL%.1f %.1f' stroke='%s'/>%n", x1, y1, x2, y2, color));
    return this;
  }

  Svg text(double x, double y, String words) {
    body.append(
        String.format(Locale.ROOT, "<text x='%.1f' y='%.1f'>%s</text>%n", x, y, escaped(words)));
    return this;
  }

  /** A part with words of its own, shown in full when pointed at. */
  Svg titled(String title, Runnable part) {
    body.append("<g><title>").append(escaped(title)).append("</title>");
    part.run();
    body.append("</g>\n");
    return this;
  }

  private static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  void write(Path file, double height) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(
        file,
        """
        <svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %1$d %2$.0f' font-family='monospace' font-size='10'>
        <rect width='%1$d' height='%2$.0f' fill='#fff'/>
        %3$s</svg>
        """
            .formatted(width, height, body));
    System.err.println("drawn: " + file);
  }
}
