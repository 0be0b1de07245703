package org.clinisandbox.fhir.differential;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Where the two validators may differ. Every other difference is a mistake of ours. */
final class KnownDifferences {
  /** Who goes by the specification. */
  enum Right {
    HAPI,
    OURS,
    /** It says nothing, or may be read in both ways. */
    BOTH
  }

  /** One difference, its reason, and the judgements that it explains. */
  record Known(String name, Right right, String reason, Predicate<Judgement> explains) {}

  static final List<Known> ALL =
      List.of(
          new Known(
              "local references lead somewhere",
              Right.OURS,
              "R4 lets a reference be to something outside, but a urn:uuid: or #id names nothing"
                  + " there; the product refuses what leads nowhere in every type of bundle.",
              j ->
                  j.isFalseRejection()
                      && j.findings().stream().allMatch(f -> f.code().equals("not-found"))));

  private KnownDifferences() {}

  /** The first one that explains a judgement. */
  static Optional<Known> of(Judgement judgement) {
    return ALL.stream().filter(known -> known.explains().test(judgement)).findFirst();
  }
}
