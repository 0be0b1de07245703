package org.clinisandbox.sandbox.wasm.child;

import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;

/**
 * A linear memory that tells how large it is and remembers whether growing was refused. Endive's
 * memory cannot be extended, so this hands every access through.
 */
final class LimitedMemory implements Memory {
  private final Memory memory;
  private final Streams streams;
  private boolean refused;

  LimitedMemory(MemoryLimits limits, Streams streams) {
    this.memory = new ByteArrayMemory(limits);
    this.streams = streams;
    tell();
  }

  private void tell() {
    streams.holds((long) memory.pages() * PAGE_SIZE);
  }

  /** Whether the guest asked for more than its limit. */
  boolean wasRefused() {
    return refused;
  }

  @Override
  public int grow(int size) {
    int before = memory.grow(size);
    if (before < 0) {
      refused = true;
    } else {
      tell();
    }
    return before;
  }

  @Override
  public int pages() {
    return memory.pages();
  }

  @Override
  public int initialPages() {
    return memory.initialPages();
  }

  @Override
  public int maximumPages() {
    return memory.maximumPages();
  }

  @Override
  public boolean shared() {
    return memory.shared();
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments) {
    memory.initialize(instance, dataSegments);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments, int memoryIndex) {
    memory.initialize(instance, dataSegments, memoryIndex);
  }

  @Override
  public void initPassiveSegment(int segmentId, int target, int offset, int size) {
    memory.initPassiveSegment(segmentId, target, offset, size);
  }

  @Override
  public void write(int address, byte[] data, int offset, int size) {
    memory.write(address, data, offset, size);
  }

  @Override
  public byte read(int address) {
    return memory.read(address);
  }

  @Override
  public byte[] readBytes(int address, int length) {
    return memory.readBytes(address, length);
  }

  @Override
  public void writeI32(int address, int data) {
    memory.writeI32(address, data);
  }

  @Override
  public int readInt(int address) {
    return memory.readInt(address);
  }

  @Override
  public void writeLong(int address, long data) {
    memory.writeLong(address, data);
  }

  @Override
  public long readLong(int address) {
    return memory.readLong(address);
  }

  @Override
  public void writeShort(int address, short data) {
    memory.writeShort(address, data);
  }

  @Override
  public short readShort(int address) {
    return memory.readShort(address);
  }

  @Override
  public long readU16(int address) {
    return memory.readU16(address);
  }

  @Override
  public void writeByte(int address, byte data) {
    memory.writeByte(address, data);
  }

  @Override
  public void writeF32(int address, float data) {
    memory.writeF32(address, data);
  }

  @Override
  public long readF32(int address) {
    return memory.readF32(address);
  }

  @Override
  public float readFloat(int address) {
    return memory.readFloat(address);
  }

  @Override
  public void writeF64(int address, double data) {
    memory.writeF64(address, data);
  }

  @Override
  public double readDouble(int address) {
    return memory.readDouble(address);
  }

  @Override
  public long readF64(int address) {
    return memory.readF64(address);
  }

  @Override
  public void zero() {
    memory.zero();
  }

  @Override
  public void fill(byte value, int fromIndex, int toIndex) {
    memory.fill(value, fromIndex, toIndex);
  }

  @Override
  public void copy(int target, int source, int size) {
    memory.copy(target, source, size);
  }

  @Override
  public void drop(int segment) {
    memory.drop(segment);
  }

  // Atomic waiting belongs to shared memories, which the rules refuse.

  @Override
  @SuppressWarnings("removal")
  public Object lock(int address) {
    throw new UnsupportedOperationException("a model's memory is not shared");
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, int expected, long timeout) {
    throw new UnsupportedOperationException("a model's memory is not shared");
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, long expected, long timeout) {
    throw new UnsupportedOperationException("a model's memory is not shared");
  }

  @Override
  @SuppressWarnings("removal")
  public int notify(int address, int maxThreads) {
    throw new UnsupportedOperationException("a model's memory is not shared");
  }
}
