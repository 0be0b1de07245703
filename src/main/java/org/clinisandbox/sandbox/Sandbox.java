package org.clinisandbox.sandbox;

import java.time.Duration;

/**
 * A single-use place where one model answers one patient. It is made ready before the patient
 * arrives, answers once, and is destroyed.
 */
public interface Sandbox extends AutoCloseable {
  /** From the start to the model's ready line. */
  Duration readyTime();

  /**
   * Writes the request line and waits for the reply line. To be called once.
   *
   * @param request one JSON object on one line, without the line's end
   */
  Answer ask(byte[] request);

  /** Ends the model, whatever it is doing, and frees all it held. May be called twice. */
  @Override
  void close();
}
