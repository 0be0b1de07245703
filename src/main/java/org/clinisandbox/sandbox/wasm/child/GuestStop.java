package org.clinisandbox.sandbox.wasm.child;

/** Ends a guest from within one of its calls. */
final class GuestStop extends RuntimeException {
  GuestStop() {
    super("the guest was stopped", null, false, false);
  }
}
