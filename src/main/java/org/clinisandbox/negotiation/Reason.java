package org.clinisandbox.negotiation;

import java.util.Locale;

/** Why a requirement is not met; of several that fit, the first here is given. */
public enum Reason {
  /** The bundle has nothing of the kind. */
  MISSING,
  /** What there is has a status that does not count, as preliminary or entered-in-error. */
  STATUS,
  /** What there is says that it has no value. */
  DATA_ABSENT,
  /** What there is belongs to somebody else. */
  WRONG_SUBJECT,
  /** Two values of the same second differ. */
  CONFLICT,
  /** The newest value is from a time that has not come. */
  FUTURE,
  /** The newest value is too old, or nobody knows how old. */
  STALE,
  /** The newest value is a bound, as "below 5". */
  COMPARATOR,
  /** The newest value is not of the declared kind: no number, or none of the coded answers. */
  NOT_A_NUMBER,
  /** The newest value's unit is unknown or can't be converted. */
  UNIT,
  /** The newest value is outside the plausible range. */
  IMPLAUSIBLE,
  /** The patient is not one that the model was made for. */
  OUT_OF_POPULATION;

  /** The name in JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
