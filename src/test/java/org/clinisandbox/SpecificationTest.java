package org.clinisandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each promise of SPECIFICATION.md names a test that is there. */
class SpecificationTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| [A-Z]-\\d+ \\| .* \\| (.*) \\|$");

  /** {@code `SomeTest`}, {@code `SomeTest.a_method`}, or {@code `…a_method`} of the one before. */
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))?(?:[.…](\\w+))?`");

  @Test
  void every_promise_names_tests_that_exist_or_says_that_one_is_pending() throws IOException {
    Map<String, String> sources = sources();
    List<String> wrong = new ArrayList<>();
    Matcher rows = ROW.matcher(Files.readString(Path.of("SPECIFICATION.md")));
    int promises = 0;
    while (rows.find()) {
      promises++;
      String tests = rows.group(1);
      Matcher named = NAMED.matcher(tests);
      String source = "";
      int found = 0;
      while (named.find()) {
        found++;
        source = named.group(1) == null ? source : sources.getOrDefault(named.group(1), "");
        String method = named.group(2);
        if (source.isEmpty() || (method != null && !source.contains("void " + method + "("))) {
          wrong.add(named.group());
        }
      }
      if (found == 0 && !tests.contains("[test pending]") && !tests.contains("--check")) {
        wrong.add(rows.group());
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(promises).isGreaterThan(30);
  }

  private static Map<String, String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  SpecificationTest::read,
                  (a, b) -> a + b));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
