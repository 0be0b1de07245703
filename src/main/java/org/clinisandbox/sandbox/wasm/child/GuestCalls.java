package org.clinisandbox.sandbox.wasm.child;

import java.util.Arrays;
import java.util.Random;
import org.clinisandbox.sandbox.guest.Frame;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Memory;

/**
 * What one guest's calls do. All but these say no: there is no file, no folder, no socket, no
 * sleep.
 *
 * <ul>
 *   <li>{@code fd_read} on stdin, {@code fd_write} on stdout and stderr, {@code proc_exit}
 *   <li>{@code args_*}, {@code environ_*}: there are none
 *   <li>{@code fd_close}, {@code fd_seek}, {@code fd_fdstat_get}: the three streams only, which
 *       look like terminals so that C flushes at a line's end
 *   <li>{@code clock_*}: always 1970-01-01T00:00:00Z; the request says what time it is
 *   <li>{@code random_get}: the same bytes in every sandbox; the request brings a seed
 *   <li>{@code sched_yield}: nothing
 * </ul>
 *
 * <p>Every call copies at most 16 KiB at a time and looks for its thread's interruption in between,
 * so that no length a guest names can take the host's heap or outlive the deadline.
 */
final class GuestCalls {
  private static final long[] NO_RESULT = {};

  private static final int SUCCESS = 0;
  private static final int BAD_DESCRIPTOR = 8;
  private static final int INVALID = 28;
  private static final int NOT_SUPPORTED = 58;
  private static final int NOT_SEEKABLE = 70;

  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private static final int MAX_VECTORS = 1024;
  private static final byte CHARACTER_DEVICE = 2;
  private static final long RIGHT_TO_READ = 1L << 1;
  private static final long RIGHT_TO_WRITE = 1L << 6;

  private final Streams streams;
  private final Random random = new Random(0);

  GuestCalls(Streams streams) {
    this.streams = streams;
  }

  /** These calls, as the imports of one instance. */
  ImportValues imports() {
    return ImportValues.builder()
        .withFunctions(Arrays.stream(GuestCall.values()).map(this::function).toList())
        .build();
  }

  private ImportFunction function(GuestCall call) {
    return new HostFunction(
        GuestCall.MODULE,
        call.symbol(),
        call.type(),
        (instance, args) -> {
          int code = apply(call, instance.memory(), args);
          return call == GuestCall.PROC_EXIT ? NO_RESULT : new long[] {code};
        });
  }

  private int apply(GuestCall call, Memory memory, long[] args) {
    return switch (call) {
      case ARGS_SIZES_GET, ENVIRON_SIZES_GET -> {
        memory.writeI32((int) args[0], 0);
        memory.writeI32((int) args[1], 0);
        yield SUCCESS;
      }
      case ARGS_GET, ENVIRON_GET, SCHED_YIELD -> SUCCESS;
      case CLOCK_RES_GET -> {
        memory.writeLong((int) args[1], 1);
        yield SUCCESS;
      }
      case CLOCK_TIME_GET -> {
        memory.writeLong((int) args[2], 0);
        yield SUCCESS;
      }
      case FD_CLOSE -> isStream((int) args[0]) ? SUCCESS : BAD_DESCRIPTOR;
      case FD_SEEK -> isStream((int) args[0]) ? NOT_SEEKABLE : BAD_DESCRIPTOR;
      case FD_FDSTAT_GET -> describe(memory, (int) args[0], (int) args[1]);
      case FD_READ -> read(memory, (int) args[0], (int) args[1], (int) args[2], (int) args[3]);
      case FD_WRITE -> write(memory, (int) args[0], (int) args[1], (int) args[2], (int) args[3]);
      case RANDOM_GET -> random(memory, (int) args[0], (int) args[1]);
      case FD_PRESTAT_GET,
          FD_PRESTAT_DIR_NAME,
          FD_ADVISE,
          FD_ALLOCATE,
          FD_DATASYNC,
          FD_FDSTAT_SET_FLAGS,
          FD_FDSTAT_SET_RIGHTS,
          FD_FILESTAT_GET,
          FD_FILESTAT_SET_SIZE,
          FD_FILESTAT_SET_TIMES,
          FD_PREAD,
          FD_PWRITE,
          FD_READDIR,
          FD_RENUMBER,
          FD_SYNC,
          FD_TELL,
          PATH_CREATE_DIRECTORY,
          PATH_FILESTAT_GET,
          PATH_FILESTAT_SET_TIMES,
          PATH_LINK,
          PATH_OPEN,
          PATH_READLINK,
          PATH_REMOVE_DIRECTORY,
          PATH_RENAME,
          PATH_SYMLINK,
          PATH_UNLINK_FILE,
          SOCK_ACCEPT,
          SOCK_RECV,
          SOCK_SEND,
          SOCK_SHUTDOWN ->
          BAD_DESCRIPTOR;
      case POLL_ONEOFF, PROC_RAISE -> NOT_SUPPORTED;
      case PROC_EXIT -> throw new GuestExit((int) args[0] == 0);
    };
  }

  private static boolean isStream(int descriptor) {
    return descriptor >= STDIN && descriptor <= STDERR;
  }

  private static int describe(Memory memory, int descriptor, int at) {
    if (!isStream(descriptor)) {
      return BAD_DESCRIPTOR;
    }
    memory.write(at, new byte[24]);
    memory.writeByte(at, CHARACTER_DEVICE);
    memory.writeLong(at + 8, descriptor == STDIN ? RIGHT_TO_READ : RIGHT_TO_WRITE);
    return SUCCESS;
  }

  /** Fills the first vector that has room: a short read, which WASI allows. */
  private int read(Memory memory, int descriptor, int vectors, int count, int readAt) {
    if (descriptor != STDIN) {
      return BAD_DESCRIPTOR;
    }
    if (count < 0 || count > MAX_VECTORS) {
      return INVALID;
    }
    for (int i = 0; i < count; i++) {
      int length = memory.readInt(vectors + 8 * i + 4);
      if (length != 0) {
        byte[] chunk = streams.read(length < 0 ? Integer.MAX_VALUE : length);
        if (chunk == null) {
          throw new GuestFault(
              "it read its request before its ready line was written; flush stdout first");
        }
        memory.write(memory.readInt(vectors + 8 * i), chunk);
        memory.writeI32(readAt, chunk.length);
        return SUCCESS;
      }
    }
    memory.writeI32(readAt, 0);
    return SUCCESS;
  }

  private int write(Memory memory, int descriptor, int vectors, int count, int writtenAt) {
    if (descriptor != STDOUT && descriptor != STDERR) {
      return BAD_DESCRIPTOR;
    }
    if (count < 0 || count > MAX_VECTORS) {
      return INVALID;
    }
    int written = 0;
    for (int i = 0; i < count; i++) {
      int from = memory.readInt(vectors + 8 * i);
      int left = memory.readInt(vectors + 8 * i + 4);
      if (left < 0) {
        return INVALID;
      }
      while (left > 0) {
        byte[] chunk = memory.readBytes(from, nextChunk(left));
        streams.say(descriptor == STDOUT ? Frame.OUT : Frame.ERR, chunk);
        from += chunk.length;
        left -= chunk.length;
        written += chunk.length;
      }
    }
    memory.writeI32(writtenAt, written);
    return SUCCESS;
  }

  private int random(Memory memory, int at, int length) {
    if (length < 0) {
      return INVALID;
    }
    int left = length;
    while (left > 0) {
      byte[] chunk = new byte[nextChunk(left)];
      random.nextBytes(chunk);
      memory.write(at + length - left, chunk);
      left -= chunk.length;
    }
    return SUCCESS;
  }

  private int nextChunk(int left) {
    streams.stopIfInterrupted();
    return Math.min(left, Streams.CAPACITY);
  }
}
