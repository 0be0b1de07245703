package org.clinisandbox.vault;

/**
 * The encrypted columns of a job, and a negotiation's one. A ciphertext opens only in the column it
 * was sealed for.
 */
public enum Column {
  BUNDLE,
  INPUTS,
  RESULT,
  CALLBACK,
  CLIENT_REFERENCE,
  STDERR,
  NEGOTIATION
}
