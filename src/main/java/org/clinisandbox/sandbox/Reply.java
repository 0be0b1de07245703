package org.clinisandbox.sandbox;

/** A reply line, read. */
public sealed interface Reply {
  /** It keeps to the protocol and the manifest. */
  record Good(ModelReply reply) implements Reply {}

  /**
   * It does not.
   *
   * @param reason one sentence that says what is wrong and repeats nothing the model wrote
   */
  record Bad(String reason) implements Reply {}
}
