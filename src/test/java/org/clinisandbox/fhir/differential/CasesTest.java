package org.clinisandbox.fhir.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CasesTest {
  private static final List<Cases.Case> CASES = Cases.all();
  private static final Verdicts ORACLE = Verdicts.kept();

  @Test
  void hapi_says_what_is_recorded() {
    assertThat(CASES)
        .allSatisfy(
            c -> {
              Verdict verdict = ORACLE.of(c.example().bundle());
              String said = verdict.accepts() ? "accepts" : "rejects " + verdict.kinds();
              assertThat(said).as(c.toString()).isEqualTo(c.hapi());
            });
  }

  @Test
  void there_is_a_note_where_hapi_does_other_than_the_heading_says() {
    assertThat(CASES)
        .allSatisfy(
            c -> {
              assertThat(c.note() == null).as(c.toString()).isEqualTo(c.valid() == c.hapiAccepts());
              if (c.note() != null) {
                assertThat(c.note()).matches("(R4|EITHER|HAPI): .{10,}");
              }
            });
  }

  @Test
  void ours_does_what_hapi_does_or_what_the_note_says() {
    Candidate candidate = Candidate.current();
    assertThat(CASES)
        .allSatisfy(
            c -> {
              Judgement judgement = Judgement.of(c.example(), ORACLE, candidate);
              boolean mayDiffer = c.note() != null && !c.note().startsWith("HAPI");
              assertThat(judgement.agrees() || mayDiffer || isKnown(judgement))
                  .as(judgement.toString())
                  .isTrue();
            });
  }

  @Test
  void the_cases_are_many_and_each_is_another_bundle() {
    Set<String> bundles =
        CASES.stream().map(c -> c.example().bundle().toString()).collect(Collectors.toSet());

    assertThat(bundles).hasSize(CASES.size());
    assertThat(CASES).filteredOn(c -> !c.valid()).hasSizeGreaterThan(400);
    assertThat(CASES).filteredOn(Cases.Case::valid).hasSizeGreaterThan(75);
  }

  private static boolean isKnown(Judgement judgement) {
    return KnownDifferences.of(judgement).isPresent();
  }
}
