package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** One observed value, read as a requirement wants it. */
sealed interface Reading {
  /** A number; the rest as in {@link Input}. */
  record Numeric(BigDecimal number, @Nullable String unit, @Nullable String convertedFrom)
      implements Reading {}

  /** The word of a coded answer. */
  record Word(String word) implements Reading {}

  /**
   * Nothing usable.
   *
   * @param detail a sentence about "it"
   */
  record Unreadable(Reason reason, String detail, boolean unknownCode) implements Reading {}
}
