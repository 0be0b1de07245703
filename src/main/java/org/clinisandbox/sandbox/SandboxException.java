package org.clinisandbox.sandbox;

/** A sandbox could not be made. The message names the image and the remedy, never a patient. */
public final class SandboxException extends Exception {
  private final Kind kind;

  public SandboxException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** What stood in the way. */
  public enum Kind {
    /** The image's bytes are not those of its digest. */
    DIGEST_MISMATCH,
    /** The image is not there, or asks for more than a model is granted. */
    IMAGE_REFUSED,
    /** The model may use more than this host has for models at all. */
    LIMIT_TOO_HIGH,
    /** The model ended, or said nothing, before it was ready. */
    NOT_READY,
    /** This host could not make the sandbox, whatever the model. */
    HOST_FAILED,
    /** No backend on this host reaches the isolation asked for. */
    ISOLATION_UNAVAILABLE
  }
}
