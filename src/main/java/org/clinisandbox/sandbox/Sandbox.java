package org.clinisandbox.sandbox;

import java.time.Duration;

/**
 * A single-use place where one model answers one patient. It is made ready before the patient
 * arrives, answers once, and is destroyed.
 */
public interface Sandbox extends AutoCloseable {
  /** From the start to the model's ready line. */
  Duration readyTime();

  /** Whether the model still waits for its request. */
  boolean isWaiting();

  /** Memory that the model holds now, in bytes; 0 when it has ended. */
  long heldBytes();

  /**
   * Writes the request line and waits for the reply line and the model's end.
   *
   * @param request one JSON object on one line, without the line's end
   * @throws IllegalStateException when it was asked before
   */
  Answer ask(byte[] request);

  /** Ends the model, whatever it is doing, and frees all it held. May be called twice. */
  @Override
  void close();
}
