package org.clinisandbox.fhir;

import static java.util.Objects.requireNonNull;

/** What checking a bundle came to. */
public sealed interface Checked {
  /** It is valid FHIR R4; this is what negotiation needs of it. */
  record Valid(Facts facts) implements Checked {
    public Valid {
      requireNonNull(facts);
    }
  }

  /** It is not. */
  record Invalid(Findings findings) implements Checked {
    public Invalid {
      requireNonNull(findings);
    }
  }
}
