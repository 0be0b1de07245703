package org.clinisandbox.negotiation;

import java.util.List;

/** What the bundle holds for one requirement. */
sealed interface Finding {
  /** A value that the model can use. */
  record Met(Input input) implements Finding {}

  /**
   * None.
   *
   * @param unknownCode as in {@link Gap#unknownCode}
   * @param unread whether there is a current value that can't be used, rather than no value
   * @param askable whether an answer could help; not when the record says that it was asked for, or
   *     holds a value that is newer than any answer
   * @param options as in {@link Gap#options}
   */
  record Unmet(
      Reason reason,
      String detail,
      boolean unknownCode,
      boolean unread,
      boolean askable,
      List<Gap> options)
      implements Finding {
    /** Nothing of the kind. */
    static Unmet missing(String detail) {
      return silent(Reason.MISSING, detail);
    }

    /** No current value. */
    static Unmet silent(Reason reason, String detail) {
      return new Unmet(reason, detail, false, false, true, List.of());
    }

    /** A current value that can't be used. */
    static Unmet unread(Reason reason, String detail) {
      return new Unmet(reason, detail, false, true, true, List.of());
    }

    /** A value of a time to come, which is newer than any answer until then. */
    static Unmet future(Reason reason, String detail) {
      return new Unmet(reason, detail, false, true, false, List.of());
    }

    /** Somebody was asked already. */
    static Unmet asked(String detail) {
      return new Unmet(Reason.DATA_ABSENT, detail, false, false, false, List.of());
    }
  }
}
