package org.clinisandbox.sandbox.guest;

import java.io.InputStream;
import java.io.OutputStream;

/** The walls around one running guest: its stream, and the means to end it. */
public interface Enclosure extends AutoCloseable {
  /** What comes from the guest. */
  InputStream fromGuest();

  /** What goes to the guest. */
  OutputStream toGuest();

  /**
   * Ends everything inside at once, without waiting for it. From any thread, any number of times.
   */
  void kill();

  /** Whether the system ended something inside for want of memory. */
  boolean metMemoryLimit();

  /** Memory that everything inside holds now, in bytes; 0 when it has ended. */
  long heldBytes();

  /** What the tool that makes the walls said of trouble; empty when nothing. Never the model's. */
  String complaint();

  /**
   * Ends everything inside, waits for that, and removes all there was of it. May be called twice.
   */
  @Override
  void close();
}
