package org.clinisandbox.sandbox;

import java.util.List;

/** What came of one of a manifest's cases. Cases hold no patient, so this names values. */
public sealed interface CaseResult {
  /** The case's. */
  String name();

  /** The reply is the expected one. */
  record Passed(String name) implements CaseResult {}

  /**
   * It did not give what was expected.
   *
   * @param differences one sentence for each field that differs, or for what kept the model from
   *     answering
   */
  record Failed(String name, List<String> differences) implements CaseResult {
    public Failed {
      differences = List.copyOf(differences);
    }
  }
}
