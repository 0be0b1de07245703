import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;

/** Formats every Java file below a folder ({@code write}), or names those that differ ({@code check}). */
public class Format {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    var formatter = new Formatter();
    int wrong = 0;
    try (var walk = Files.walk(Path.of(args[1]))) {
      for (Path file : (Iterable<Path>) walk.filter(p -> p.toString().endsWith(".java"))::iterator) {
        String source = Files.readString(file);
        String tidy;
        try {
          tidy =
              formatter.formatSource(
                  RemoveUnusedImports.removeUnusedImports(
                      ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.GOOGLE)));
        } catch (FormatterException e) {
          System.err.println(file + ": " + e.getMessage().lines().findFirst().orElse(""));
          System.exit(1);
          return;
        }
        if (tidy.equals(source)) {
          continue;
        }
        if (write) {
          Files.writeString(file, tidy);
        } else {
          System.err.println("not formatted: " + file);
          wrong++;
        }
      }
    }
    if (wrong > 0) {
      System.err.println(wrong + " files are not formatted: run `make format`.");
      System.exit(1);
    }
  }
}
