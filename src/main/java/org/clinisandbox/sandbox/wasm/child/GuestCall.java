package org.clinisandbox.sandbox.wasm.child;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * The functions of WASI preview 1, the only imports a module may have. Those in the second part are
 * there because programs import them without needing them; they do nothing but say no.
 */
enum GuestCall {
  ARGS_GET("ii"),
  ARGS_SIZES_GET("ii"),
  CLOCK_RES_GET("ii"),
  CLOCK_TIME_GET("iIi"),
  ENVIRON_GET("ii"),
  ENVIRON_SIZES_GET("ii"),
  FD_CLOSE("i"),
  FD_FDSTAT_GET("ii"),
  FD_PRESTAT_GET("ii"),
  FD_PRESTAT_DIR_NAME("iii"),
  FD_READ("iiii"),
  FD_SEEK("iIii"),
  FD_WRITE("iiii"),
  PROC_EXIT("i"),
  RANDOM_GET("ii"),
  SCHED_YIELD(""),

  FD_ADVISE("iIIi"),
  FD_ALLOCATE("iII"),
  FD_DATASYNC("i"),
  FD_FDSTAT_SET_FLAGS("ii"),
  FD_FDSTAT_SET_RIGHTS("iII"),
  FD_FILESTAT_GET("ii"),
  FD_FILESTAT_SET_SIZE("iI"),
  FD_FILESTAT_SET_TIMES("iIIi"),
  FD_PREAD("iiiIi"),
  FD_PWRITE("iiiIi"),
  FD_READDIR("iiiIi"),
  FD_RENUMBER("ii"),
  FD_SYNC("i"),
  FD_TELL("ii"),
  PATH_CREATE_DIRECTORY("iii"),
  PATH_FILESTAT_GET("iiiii"),
  PATH_FILESTAT_SET_TIMES("iiiiIIi"),
  PATH_LINK("iiiiiii"),
  PATH_OPEN("iiiiiIIii"),
  PATH_READLINK("iiiiii"),
  PATH_REMOVE_DIRECTORY("iii"),
  PATH_RENAME("iiiiii"),
  PATH_SYMLINK("iiiii"),
  PATH_UNLINK_FILE("iii"),
  POLL_ONEOFF("iiii"),
  PROC_RAISE("i"),
  SOCK_ACCEPT("iii"),
  SOCK_RECV("iiiiii"),
  SOCK_SEND("iiiii"),
  SOCK_SHUTDOWN("ii");

  static final String MODULE = "wasi_snapshot_preview1";

  private final String parameters;

  /**
   * @param parameters {@code i} a 32-bit integer, {@code I} a 64-bit one
   */
  GuestCall(String parameters) {
    this.parameters = parameters;
  }

  /** The name in WASI. */
  String symbol() {
    return name().toLowerCase(Locale.ROOT);
  }

  FunctionType type() {
    List<ValType> taken =
        parameters.chars().mapToObj(c -> c == 'i' ? ValType.I32 : ValType.I64).toList();
    return FunctionType.of(taken, this == PROC_EXIT ? List.of() : List.of(ValType.I32));
  }

  /** The call that this import asks for; empty when it is not granted. */
  static Optional<GuestCall> of(String module, String name) {
    return Arrays.stream(values())
        .filter(call -> MODULE.equals(module) && call.symbol().equals(name))
        .findFirst();
  }
}
