package org.clinisandbox.sandbox.wasm.child;

/** The guest called {@code proc_exit}. */
final class GuestExit extends RuntimeException {
  private final boolean well;

  /**
   * @param well whether with 0
   */
  GuestExit(boolean well) {
    super("the guest exited", null, false, false);
    this.well = well;
  }

  boolean isWell() {
    return well;
  }
}
