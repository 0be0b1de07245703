package org.clinisandbox.job;

import java.util.Locale;

/** Why a job failed, who is to blame, and what to say: fixed sentences, so none can hold PHI. */
public enum JobError {
  MODEL_CRASHED(Blame.MODEL, "The model ended without an answer."),
  MODEL_TIMEOUT(Blame.MODEL, "The model gave no answer within its time limit."),
  MODEL_OUT_OF_MEMORY(Blame.MODEL, "The model asked for more memory than its limit."),
  MODEL_INVALID_OUTPUT(Blame.MODEL, "The model's answer is not what its manifest promises."),
  MODEL_DIGEST_MISMATCH(
      Blame.PLATFORM, "The model's image is not the one that was registered; it was not run."),
  ISOLATION_UNAVAILABLE(
      Blame.RESOURCE,
      "No sandbox on the worker's host runs this model at the isolation it asks for."),
  MEMORY_UNAVAILABLE(
      Blame.RESOURCE,
      "The model's limits.memory is above what the worker has for WebAssembly models: give the"
          + " worker more heap (-Xmx), or register a version with a lower limit."),
  INPUT_EXPIRED(Blame.CLIENT, "An input grew too old before the job could run."),
  PLATFORM(Blame.PLATFORM, "The platform could not bring the job to an end.");

  /** Who has to act. */
  public enum Blame {
    CLIENT,
    MODEL,
    PLATFORM,
    RESOURCE;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Blame blame;
  private final String detail;

  JobError(Blame blame, String detail) {
    this.blame = blame;
    this.detail = detail;
  }

  public Blame blame() {
    return blame;
  }

  public String detail() {
    return detail;
  }
}
