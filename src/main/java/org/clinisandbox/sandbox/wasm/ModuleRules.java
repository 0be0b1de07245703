package org.clinisandbox.sandbox.wasm;

import java.util.Optional;
import org.clinisandbox.sandbox.SandboxException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Import;
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
  private static final String START = "_start";

  private ModuleRules() {}

  static void check(WasmModule module) throws SandboxException {
    checkImports(module);
    checkMemory(module);
    checkTables(module);
    if (module.globalSection().globalCount() > MAX_GLOBALS) {
      throw refused("has more than " + MAX_GLOBALS + " globals");
    }
    if (module.tagSection().map(tags -> tags.tagCount() > 0).orElse(false)) {
      throw refused("uses WebAssembly exceptions; build it without them (-fno-exceptions)");
    }
    for (int i = 0; i < module.typeSection().subTypeCount(); i++) {
      if (module.typeSection().getSubType(i).compType().funcType() == null) {
        throw refused("uses garbage-collected types, whose memory has no limit");
      }
    }
    checkStart(module);
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

  private static FunctionType typeOf(WasmModule module, int function) {
    int imported = module.importSection().count(ExternalType.FUNCTION);
    int index = function - imported;
    if (index < 0 || index >= module.functionSection().functionCount()) {
      throw new IllegalArgumentException("_start is not a function of the module's own");
    }
    return module.typeSection().getType(module.functionSection().getFunctionType(index));
  }

  /** Names come from the module: shortened, and only letters that cannot forge a log line. */
  private static String printable(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9_.:$-]", "?");
    return safe.length() <= 60 ? safe : safe.substring(0, 60) + "…";
  }

  private static SandboxException refused(String why) {
    return new SandboxException(SandboxException.Kind.IMAGE_REFUSED, "The module " + why + ".");
  }
}
