package org.clinisandbox.sandbox.wasm.child;

/** The guest did what can never end well. The message says what, and nothing of its data. */
final class GuestFault extends RuntimeException {
  GuestFault(String sentence) {
    super(sentence, null, false, false);
  }
}
