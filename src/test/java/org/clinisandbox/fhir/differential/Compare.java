package org.clinisandbox.fhir.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.clinisandbox.fhir.Json;
import org.junit.jupiter.api.Test;

/**
 * Prints all differences between HAPI and ours, in groups, for whoever works on the validator. It
 * is no test of the build: its name keeps it out, {@code -Dtest=Compare} runs it. Properties:
 *
 * <ul>
 *   <li>{@code corpora}: of records, hl7, cases, mutations, handmade; all without it
 *   <li>{@code path}: a folder or file of JSON instead of the corpora
 *   <li>{@code mutations}, {@code seed}: how many, and which
 * </ul>
 *
 * The report is also in {@code target/differential/report.txt}, and one bundle of each group beside
 * it, where {@code path} can have it again.
 */
class Compare {
  private static final Path FOLDER = Path.of("target", "differential");

  @Test
  void everything() throws IOException {
    run();
  }

  /** The same without Maven, with the class path that a run by Maven leaves beside the report. */
  static void main() throws IOException {
    run();
  }

  private static void run() throws IOException {
    Files.createDirectories(FOLDER);
    Files.writeString(
        FOLDER.resolve("classpath"),
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", "")));
    String path = System.getProperty("path");
    List<String> corpora =
        path == null
            ? List.of(
                System.getProperty("corpora", "handmade,records,cases,hl7,mutations").split(","))
            : List.of("path");
    Verdicts oracle = Verdicts.kept();
    Candidate candidate = Candidate.current();
    Report all = new Report();
    for (String corpus : corpora) {
      long start = System.nanoTime();
      Report of = new Report();
      for (Example example : examples(corpus, path)) {
        Judgement judgement = Judgement.of(example, oracle, candidate);
        of.add(judgement);
        all.add(judgement);
      }
      long seconds = (System.nanoTime() - start) / 1_000_000_000;
      System.out.println(
          corpus + " in " + seconds + " s, " + oracle.asked() + " asked: " + of.counts());
    }
    String report = all.text(new Saving()::save);
    Files.writeString(FOLDER.resolve("report.txt"), report);
    System.out.println(report);
  }

  private static List<Example> examples(String corpus, String path) {
    return switch (corpus) {
      case "path" -> Corpus.folder(Path.of(path));
      case "records" -> Corpus.records();
      case "hl7" -> Corpus.specification();
      case "cases" -> Corpus.validatorCases();
      case "handmade" -> Cases.all().stream().map(Cases.Case::example).toList();
      case "mutations" ->
          new Mutations(Bases.all(), Long.getLong("seed", 1))
              .first(Integer.getInteger("mutations", 3000));
      default -> throw new IllegalArgumentException(corpus);
    };
  }

  /** Numbers the bundles that it writes. */
  private static final class Saving {
    private int number;

    String save(Judgement judgement) {
      number++;
      Path file = FOLDER.resolve("%03d.json".formatted(number));
      try {
        Files.writeString(
            file,
            Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(judgement.bundle()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return file.toString();
    }
  }
}
