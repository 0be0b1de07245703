package org.clinisandbox.sandbox.qemu;

import org.clinisandbox.sandbox.machine.Templates;

/**
 * A machine that was frozen when its model was ready, before any patient's data. Nobody can write
 * to it; copies keep what they change to themselves.
 *
 * @param state of everything in the machine but its memory
 */
record Template(SealedMemory memory, SealedMemory state) implements Templates.Template {
  /** The bytes that it may come to hold: copies fill it with zeros where it had nothing. */
  @Override
  public long weight() {
    return memory.bytes() + state.bytes();
  }

  /** Its copies live on. */
  @Override
  public void close() {
    memory.close();
    state.close();
  }
}
