package org.clinisandbox.negotiation;

/** What an earlier question came to, other than a value. */
public enum Unanswered {
  /** Nobody knows: FHIR's {@code asked-unknown}. It is not asked again. */
  NOT_KNOWN,
  /** Somebody would not say: FHIR's {@code asked-declined}. It is not asked again. */
  DECLINED,
  /** The answer was about somebody else. */
  WRONG_SUBJECT,
  /** It was answered so often without a usable value that it is not asked again. */
  TOO_OFTEN
}
