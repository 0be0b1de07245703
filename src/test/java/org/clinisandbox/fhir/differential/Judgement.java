package org.clinisandbox.fhir.differential;

import java.util.List;
import org.clinisandbox.fhir.Finding;
import tools.jackson.databind.JsonNode;

/** What both validators say of one bundle. */
record Judgement(Example example, JsonNode bundle, Verdict verdict, List<Finding> findings) {
  static Judgement of(Example example, Verdicts oracle, Candidate candidate) {
    JsonNode bundle = example.bundle();
    return new Judgement(example, bundle, oracle.of(bundle), findings(candidate, bundle));
  }

  private static List<Finding> findings(Candidate candidate, JsonNode bundle) {
    try {
      return candidate.findings(bundle);
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      return List.of(
          new Finding(Finding.Severity.FATAL, "exception", "Bundle", "threw " + thrown(e)));
    }
  }

  private static String thrown(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  boolean agrees() {
    return verdict.accepts() == findings.isEmpty();
  }

  /** Whether the candidate accepts what HAPI rejects. */
  boolean isFalseAcceptance() {
    return findings.isEmpty() && !verdict.accepts();
  }

  boolean isFalseRejection() {
    return !findings.isEmpty() && verdict.accepts();
  }

  /** Whether both reject, but nowhere near one another: for different reasons then. */
  boolean isElsewhere() {
    return !findings.isEmpty()
        && !verdict.accepts()
        && verdict.messages().stream()
            .map(m -> Words.place(m.place()))
            .noneMatch(
                theirs ->
                    findings.stream()
                        .map(f -> Words.place(f.expression()))
                        .anyMatch(ours -> near(ours, theirs) || near(theirs, ours)));
  }

  /** Whether one is the other, or is the element right above it. */
  private static boolean near(String a, String b) {
    return a.equals(b) || (a.startsWith(b) && a.indexOf('.', b.length() + 1) < 0);
  }

  @Override
  public String toString() {
    Example.Edit edit = example.edit();
    return example.name()
        + (edit == null ? "" : " (" + edit.kind() + " at " + edit.path() + ")")
        + ": HAPI "
        + (verdict.accepts() ? "accepts" : "rejects for " + verdict.kinds())
        + ", ours "
        + (findings.isEmpty()
            ? "accepts"
            : "rejects for "
                + findings.stream()
                    .map(f -> f.expression() + " " + f.message())
                    .distinct()
                    .toList());
  }
}
