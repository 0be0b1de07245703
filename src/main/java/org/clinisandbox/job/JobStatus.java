package org.clinisandbox.job;

import java.util.Locale;

/** Where a job stands; its label is what the API and the database say. */
public enum JobStatus {
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether nothing will change it any more. */
  public boolean isFinal() {
    return switch (this) {
      case QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED -> true;
    };
  }

  static JobStatus of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
