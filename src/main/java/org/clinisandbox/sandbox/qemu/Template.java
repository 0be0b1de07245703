package org.clinisandbox.sandbox.qemu;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A machine that was frozen when its model was ready, before any patient's data. Nobody can write
 * to it; copies keep what they change to themselves.
 */
final class Template implements AutoCloseable {
  private final SealedMemory memory;
  private final SealedMemory state;
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @param state of everything in the machine but its memory
   */
  Template(SealedMemory memory, SealedMemory state) {
    this.memory = memory;
    this.state = state;
  }

  SealedMemory memory() {
    return memory;
  }

  SealedMemory state() {
    return state;
  }

  /** What it may come to hold: its copies fill it with zeros where it had nothing. */
  long mostBytes() {
    return memory.bytes();
  }

  /** Keeps it open until it is released. False when it is closed already. */
  boolean use() {
    inUse.readLock().lock();
    if (closed) {
      inUse.readLock().unlock();
    }
    return !closed;
  }

  /** By the thread that uses it. */
  void release() {
    inUse.readLock().unlock();
  }

  /** Waits for those who use it; their copies live on. */
  @Override
  public void close() {
    inUse.writeLock().lock();
    try {
      closed = true;
      memory.close();
      state.close();
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
