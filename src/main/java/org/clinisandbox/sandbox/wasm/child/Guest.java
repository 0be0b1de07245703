package org.clinisandbox.sandbox.wasm.child;

import java.nio.charset.StandardCharsets;
import org.clinisandbox.sandbox.guest.Frame;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.TableInstance;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/** One instance of a module, run once from its start to its end on a thread of its own. */
final class Guest {
  private static final long STACK_BYTES = 4L << 20;
  private static final byte EXITED = 0;
  private static final byte ENDED_BY_SIGNAL = 1;
  private static final byte FAILURE = 1;
  private static final byte ABORTED = 6;
  private static final byte KILLED = 9;

  /** Made beforehand: there may be no heap left to make one. */
  private static final Frame OUT_OF_HEAP = exit(ENDED_BY_SIGNAL, KILLED, true);

  private final CompiledModule module;
  private final Streams streams;
  private final MemoryLimits memoryLimits;
  private @Nullable LimitedMemory memory;

  /**
   * @param memoryBytes its limit; what is less than a page more does not count
   */
  Guest(CompiledModule module, Streams streams, long memoryBytes) {
    int pages = (int) Math.min(Memory.RUNTIME_MAX_PAGES, memoryBytes / Memory.PAGE_SIZE);
    this.module = module;
    this.streams = streams;
    this.memoryLimits =
        new MemoryLimits(module.initialPages(), Math.min(pages, module.maximumPages()));
  }

  /** Begins; whatever happens, the streams are told of the end. */
  Thread start() {
    return Thread.ofPlatform()
        .name("model")
        .daemon()
        .stackSize(STACK_BYTES)
        .inheritInheritableThreadLocals(false)
        .start(
            () -> {
              Frame end = OUT_OF_HEAP;
              try {
                end = run();
              } finally {
                streams.ended(end);
              }
            });
  }

  private Frame run() {
    try {
      instantiate().export("_start").apply();
      return exitedWell();
    } catch (GuestExit exit) {
      return exit.isWell() ? exitedWell() : exit(EXITED, FAILURE, wasRefusedMemory());
    } catch (GuestStop stop) {
      return exit(ENDED_BY_SIGNAL, KILLED, wasRefusedMemory());
    } catch (GuestFault fault) {
      return new Frame(
          Frame.FAULT, String.valueOf(fault.getMessage()).getBytes(StandardCharsets.UTF_8));
    } catch (OutOfMemoryError e) {
      return OUT_OF_HEAP;
    } catch (RuntimeException | Error e) {
      return exit(ENDED_BY_SIGNAL, ABORTED, wasRefusedMemory());
    } finally {
      memory = null;
    }
  }

  /** One that bears a refusal of memory and replies all the same lacked none. */
  private Frame exitedWell() {
    return exit(EXITED, 0, wasRefusedMemory() && !streams.hasReplied());
  }

  private static Frame exit(byte how, int status, boolean metMemoryLimit) {
    return new Frame(Frame.EXIT, new byte[] {how, (byte) status, (byte) (metMemoryLimit ? 1 : 0)});
  }

  private boolean wasRefusedMemory() {
    return memory != null && memory.wasRefused();
  }

  private Instance instantiate() {
    return Instance.builder(module.module())
        .withMachineFactory(module.machines())
        .withImportValues(new GuestCalls(streams).imports())
        .withMemoryLimits(memoryLimits)
        .withMemoryFactory(this::memory)
        .withTableFactory(Guest::table)
        .withStart(false)
        .build();
  }

  private Memory memory(MemoryLimits limits) {
    LimitedMemory made = new LimitedMemory(limits, streams);
    memory = made;
    return made;
  }

  /**
   * A table with limits of its own. Endive counts a table's growth in the limits it was made with;
   * were these the module's, the next patient's instance would find the table as long as this
   * patient's left it.
   */
  private static TableInstance table(Table table, int initialValue) {
    TableLimits limits =
        new TableLimits(
            table.limits().min(), Math.min(table.limits().max(), ModuleRules.MAX_TABLE_ENTRIES));
    return new TableInstance(
        new Table(table.elementType(), limits, table.initialize()), initialValue);
  }
}
