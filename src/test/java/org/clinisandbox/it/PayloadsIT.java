package org.clinisandbox.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every file of tests/payloads gets the answer that its README promises. */
class PayloadsIT {
  private static final Path FOLDER = Path.of("tests/payloads");
  private static final Pattern ROW =
      Pattern.compile("^\\| `(\\w+)` \\|.*\\| (202|422)( [a-z-]+)?; (.*) \\|$", Pattern.MULTILINE);
  private static final Pattern PLACE =
      Pattern.compile("^\\| `(Bundle[^`]*)` \\|", Pattern.MULTILINE);
  private static final Pattern OUTCOME = Pattern.compile("outcome `([\\w-]+)`");
  private static final Pattern NUMBER =
      Pattern.compile("(score|probability)(?: about)? (\\d+(?:\\.\\d+)?)");
  private static final Pattern MARKED = Pattern.compile("`([a-z-]+)`");

  private final Client client = Up.client();

  /**
   * A line of the README's table.
   *
   * @param type of the problem; empty for a job
   */
  record Promise(String file, int status, String type, String rest) {
    static Promise of(MatchResult row) {
      String type = row.group(3) == null ? "" : "urn:clinisandbox:" + row.group(3).strip();
      return new Promise(row.group(1), Integer.parseInt(row.group(2)), type, row.group(4));
    }

    @Override
    public String toString() {
      return file;
    }
  }

  static Stream<Promise> promises() throws IOException {
    return ROW.matcher(Files.readString(FOLDER.resolve("README.md"))).results().map(Promise::of);
  }

  @Test
  void every_file_has_a_promise() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      Set<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".json"))
              .map(name -> name.replace(".json", ""))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(promises().map(Promise::file)).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @ParameterizedTest
  @MethodSource("promises")
  void every_promise_is_kept(Promise promise) {
    Client.Answer answer = client.post("/v1/diagnose", Client.payload(promise.file()));

    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(promise.status());
    assertThat(answer.type()).isEqualTo(promise.type());
    if (promise.status() == 202) {
      assertResult(promise.rest(), client.ended(answer.body().path("job_id").asString()));
    } else {
      assertReasons(promise.rest(), answer.body());
    }
  }

  @Test
  void every_mistake_of_the_one_that_is_not_fhir_is_named_by_its_place() throws IOException {
    List<String> places =
        PLACE
            .matcher(Files.readString(FOLDER.resolve("README.md")))
            .results()
            .map(row -> row.group(1))
            .toList();

    JsonNode problem = client.post("/v1/diagnose", Client.payload("not_fhir")).body();

    assertThat(places).hasSizeGreaterThan(10);
    assertThat(problem.path("operation_outcome").path("issue"))
        .extracting(issue -> issue.path("expression").path(0).asString())
        .containsAll(places);
  }

  private static void assertResult(String rest, JsonNode job) {
    JsonNode result = job.path("result");
    assertThat(OUTCOME.matcher(rest).results().map(found -> found.group(1)))
        .as("outcome")
        .containsExactly(result.path("outcome").asString());
    MatchResult number = NUMBER.matcher(rest).results().findFirst().orElseThrow();
    BigDecimal promised = new BigDecimal(number.group(2));
    assertThat(result.path(number.group(1)).decimalValue())
        .isCloseTo(
            promised, within(promised.ulp().movePointLeft(1).multiply(BigDecimal.valueOf(5))));
  }

  /** What the README marks is a reason of a gap or the code of a finding. */
  private static void assertReasons(String rest, JsonNode problem) {
    Set<String> told = new TreeSet<>();
    problem.path("gaps").forEach(gap -> told.add(gap.path("reason").asString()));
    problem
        .path("operation_outcome")
        .path("issue")
        .forEach(issue -> told.add(issue.path("code").asString()));
    assertThat(told).containsAll(MARKED.matcher(rest).results().map(m -> m.group(1)).toList());
  }
}
