package org.clinisandbox.negotiation;

/** What the bundle holds for one requirement. */
sealed interface Finding {
  /** A value that the model can use. */
  record Met(Input input) implements Finding {}

  /**
   * None.
   *
   * @param unknownCode as in {@link Gap#unknownCode}
   * @param unread whether there is a current value that can't be used, rather than no value
   */
  record Unmet(Reason reason, String detail, boolean unknownCode, boolean unread)
      implements Finding {}
}
