package org.clinisandbox.sandbox.wasm.child;

import java.util.Optional;
import org.clinisandbox.sandbox.SandboxException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Import;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.MemorySection;

/**
 * What a module may contain. Everything that takes host memory must be counted by the memory limit
 * or bounded here, so features that allocate beside the linear memory are refused.
 */
final class ModuleRules {
  /** Entries of one table; each costs the host some 12 bytes. */
  static final int MAX_TABLE_ENTRIES = 1 << 16;

  private static final int MAX_TABLES = 4;
  private static final int MAX_GLOBALS = 10_000;
  private static final int MAX_TEXT = 200;
  private static final String START = "_start";

  private ModuleRules() {}

  static void check(WasmModule module) throws SandboxException {
    checkImports(module);
    checkMemory(module);
    checkTables(module);
    if (module.globalSection().globalCount() > MAX_GLOBALS) {
      throw refused("has more than " + MAX_GLOBALS + " globals");
    }
    for (int i = 0; i < module.typeSection().subTypeCount(); i++) {
      if (module.typeSection().getSubType(i).compType().funcType() == null) {
        throw refused("uses garbage-collected types, whose memory has no limit");
      }
    }
    checkStart(module);
    checkInstructions(module);
  }

  private static void checkImports(WasmModule module) throws SandboxException {
    for (int i = 0; i < module.importSection().importCount(); i++) {
      Import wanted = module.importSection().getImport(i);
      Optional<GuestCall> granted =
          wanted instanceof FunctionImport function
              ? GuestCall.of(wanted.module(), wanted.name())
                  .filter(
                      call ->
                          module.typeSection().getType(function.typeIndex()).equals(call.type()))
              : Optional.empty();
      if (granted.isEmpty()) {
        throw refused(
            "imports "
                + printable(wanted.module())
                + "."
                + printable(wanted.name())
                + ", which a model is not granted; build it without what needs that");
      }
    }
  }

  private static void checkMemory(WasmModule module) throws SandboxException {
    int memories = module.memorySection().map(MemorySection::memoryCount).orElse(0);
    if (memories != 1) {
      throw refused("has " + memories + " memories; a model has one");
    }
    if (module.memorySection().orElseThrow().getMemory(0).limits().shared()) {
      throw refused("has a shared memory; a model runs on one thread");
    }
  }

  private static void checkTables(WasmModule module) throws SandboxException {
    if (module.tableSection().tableCount() > MAX_TABLES) {
      throw refused("has more than " + MAX_TABLES + " tables");
    }
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      if (module.tableSection().getTable(i).limits().min() > MAX_TABLE_ENTRIES) {
        throw refused("has a table of more than " + MAX_TABLE_ENTRIES + " entries");
      }
    }
  }

  private static void checkStart(WasmModule module) throws SandboxException {
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      Export export = module.exportSection().getExport(i);
      if (export.exportType() == ExternalType.FUNCTION && export.name().equals(START)) {
        if (typeOf(module, export.index()).equals(FunctionType.empty())) {
          return;
        }
        break;
      }
    }
    throw refused("exports no function _start without parameters; build it as a WASI command");
  }

  private static void checkInstructions(WasmModule module) throws SandboxException {
    for (FunctionBody function : module.codeSection().functionBodies()) {
      for (Instruction instruction : function.instructions()) {
        if (!isGranted(instruction.opcode().opcode())) {
          throw refused(
              "uses the instruction "
                  + instruction.opcode()
                  + ", which is not in WebAssembly 2.0; build it without that feature");
        }
      }
    }
  }

  /**
   * WebAssembly 2.0: no exceptions, tail calls, garbage collection, typed references or threads.
   * Tail calls matter most: Endive's compiled code runs them in a loop that no interruption ends.
   */
  private static boolean isGranted(int opcode) {
    return between(opcode, 0x00, 0x05)
        || between(opcode, 0x0b, 0x11)
        || between(opcode, 0x1a, 0x1c)
        || between(opcode, 0x20, 0xc4)
        || between(opcode, 0xd0, 0xd2)
        || opcode >> 8 == 0xfc
        || opcode >> 8 == 0xfd;
  }

  private static boolean between(int opcode, int first, int last) {
    return opcode >= first && opcode <= last;
  }

  private static FunctionType typeOf(WasmModule module, int function) {
    int imported = module.importSection().count(ExternalType.FUNCTION);
    int index = function - imported;
    if (index < 0 || index >= module.functionSection().functionCount()) {
      throw new IllegalArgumentException("_start is not a function of the module's own");
    }
    return module.typeSection().getType(module.functionSection().getFunctionType(index));
  }

  /** Text that comes from the module: shortened, and without what could forge a log line. */
  static String printable(String text) {
    String safe = text.replaceAll("[^ -~]", "?");
    return safe.length() <= MAX_TEXT ? safe : safe.substring(0, MAX_TEXT) + "...";
  }

  private static SandboxException refused(String why) {
    return new SandboxException(SandboxException.Kind.IMAGE_REFUSED, "The module " + why + ".");
  }
}
