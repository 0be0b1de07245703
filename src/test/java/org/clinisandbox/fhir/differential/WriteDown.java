package org.clinisandbox.fhir.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Writes down which of HL7's examples HAPI rejects, and why: run it by {@code -Dtest=WriteDown}
 * after a new version of HAPI or of the examples. Its name keeps it out of the build.
 */
class WriteDown {
  private static final Path FOLDER =
      Path.of("src", "test", "resources", "org", "clinisandbox", "fhir", "differential");

  @Test
  void hl7_examples_that_hapi_rejects() throws IOException {
    write();
  }

  @Test
  void hapis_verdicts_of_the_cases() throws IOException {
    writeCases();
  }

  static void main(String[] what) throws IOException {
    if (what[0].equals("cases")) {
      writeCases();
    } else {
      write();
    }
  }

  /** Puts the verdicts into the table, in place of those that are there. */
  private static void writeCases() throws IOException {
    Path file = FOLDER.resolve(Cases.FILE);
    Iterator<Cases.Case> cases = Cases.all().iterator();
    Verdicts oracle = Verdicts.kept();
    List<String> lines = new ArrayList<>();
    boolean open = false;
    for (String line : (Files.readString(file) + "\n").lines().toList()) {
      if (line.isEmpty() && open) {
        Verdict verdict = oracle.of(cases.next().example().bundle());
        int at = lines.getLast().startsWith("!") ? lines.size() - 1 : lines.size();
        lines.add(at, "> " + (verdict.accepts() ? "accepts" : "rejects " + verdict.kinds()));
        open = false;
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        open = true;
      }
      if (!line.startsWith(">")) {
        lines.add(line);
      }
    }
    Files.writeString(file, String.join("\n", lines).strip() + "\n");
  }

  private static void write() throws IOException {
    Verdicts oracle = Verdicts.kept();
    List<String> lines = new ArrayList<>();
    long start = System.nanoTime();
    List<Example> examples = Corpus.specification();
    for (Example example : examples) {
      Verdict verdict = oracle.of(example.bundle());
      if (!verdict.accepts()) {
        lines.add(example.name() + "\t" + verdict.kinds());
      }
    }
    lines.addFirst(
        "# HL7's R4 examples that HAPI rejects, each with the kinds of its messages. Made by WriteDown.");
    Files.write(FOLDER.resolve("hl7-examples-rejected.txt"), lines);
    System.out.println(
        "%d of %d rejected, %d s"
            .formatted(
                lines.size() - 1, examples.size(), (System.nanoTime() - start) / 1_000_000_000));
  }
}
