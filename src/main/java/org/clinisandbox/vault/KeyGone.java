package org.clinisandbox.vault;

import java.util.UUID;

/** A job's key is not there: it was erased, and what it sealed can't be read by anyone. */
public final class KeyGone extends Exception {
  KeyGone(UUID job) {
    super("The key of job " + job + " is gone; what it sealed can't be read any more.");
  }
}
