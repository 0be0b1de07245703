package org.clinisandbox.fhir.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Ours and HAPI must say the same of every bundle, but for the differences that are known. */
class DifferentialTest {
  private static final long SEED = 20261122;
  private static final Verdicts ORACLE = Verdicts.kept();

  @Test
  void of_whole_records() {
    compare("records", Corpus.records());
  }

  @Test
  void of_a_sample_of_hl7s_examples() {
    compare("HL7's examples", sample(Corpus.specification(), 300));
  }

  @Test
  void of_a_sample_of_hl7s_cases_for_validators() {
    compare("HL7's cases", sample(Corpus.validatorCases(), 150));
  }

  @Test
  void of_mutations() {
    int count = Integer.getInteger("mutations", 1500);
    compare("mutations", new Mutations(Bases.all(), SEED).first(count));
  }

  /** HAPI needs many minutes for all; what it said of them is recorded. */
  @Test
  @EnabledIf("isQuick")
  void of_all_of_hl7s_examples_as_recorded() {
    Candidate candidate = Candidate.current();
    Set<String> rejected = Bases.rejected();
    List<Example> disagreed =
        Corpus.specification().stream()
            .filter(
                example ->
                    candidate.findings(example.bundle()).isEmpty()
                        == rejected.contains(example.name()))
            .toList();

    compare("HL7's examples that differ from the record", disagreed);
  }

  static boolean isQuick() {
    return Candidate.QUICK;
  }

  private static void compare(String what, List<Example> examples) {
    Candidate candidate = Candidate.current();
    Report report = new Report();
    examples.forEach(example -> report.add(Judgement.of(example, ORACLE, candidate)));
    System.out.println(what + ": " + report.counts());

    assertThat(report.unexplained()).as(report.counts()).isEmpty();
  }

  private static List<Example> sample(List<Example> all, int count) {
    List<Example> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(SEED));
    return shuffled.subList(0, Math.min(count, shuffled.size()));
  }
}
