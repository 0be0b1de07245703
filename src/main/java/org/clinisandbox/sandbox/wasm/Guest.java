package org.clinisandbox.sandbox.wasm;

import org.clinisandbox.sandbox.wasm.Conversation.End;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.TableInstance;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/** One instance of a module, run once from its start to its end on the thread that calls. */
final class Guest {
  private final CompiledModule module;
  private final Conversation conversation;
  private final MemoryLimits memoryLimits;
  private volatile @Nullable LimitedMemory memory;
  private volatile boolean refusedMemory;

  Guest(CompiledModule module, Conversation conversation, int maximumPages) {
    this.module = module;
    this.conversation = conversation;
    this.memoryLimits =
        new MemoryLimits(module.initialPages(), Math.min(maximumPages, module.maximumPages()));
  }

  /** Runs to the end, whatever happens. */
  End run() {
    try {
      instantiate().export("_start").apply();
      return End.EXITED_WELL;
    } catch (GuestExit exit) {
      return exit.isWell() ? End.EXITED_WELL : End.EXITED_BADLY;
    } catch (GuestStop stop) {
      return End.STOPPED;
    } catch (OutOfMemoryError e) {
      return End.NO_HEAP;
    } catch (RuntimeException | Error e) {
      return End.TRAPPED;
    } finally {
      LimitedMemory used = memory;
      refusedMemory = used != null && used.wasRefused();
      memory = null;
    }
  }

  private Instance instantiate() {
    return Instance.builder(module.module())
        .withMachineFactory(module.machines())
        .withImportValues(new GuestCalls(conversation).imports())
        .withMemoryLimits(memoryLimits)
        .withMemoryFactory(this::memory)
        .withTableFactory(Guest::table)
        .withStart(false)
        .build();
  }

  private Memory memory(MemoryLimits limits) {
    LimitedMemory made = new LimitedMemory(limits);
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

  /** Whether it asked for more memory than its limit, now or before its end. */
  boolean wasRefusedMemory() {
    LimitedMemory used = memory;
    return refusedMemory || (used != null && used.wasRefused());
  }

  /** Bytes of linear memory; 0 before the start and after the end. */
  long heldBytes() {
    LimitedMemory used = memory;
    return used == null ? 0 : (long) used.pages() * Memory.PAGE_SIZE;
  }
}
