package org.clinisandbox.sandbox.qemu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The calls of Linux on x86_64 that Java has no names for. */
@SuppressWarnings("restricted")
final class Native {
  private static final Linker LINKER = Linker.nativeLinker();

  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int F_ADD_SEALS = 1033;
  private static final int EVERY_SEAL = 0xF;
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

  /** rdtsc; shl rdx, 32; or rax, rdx; ret. */
  private static final byte[] READ_COUNTER = {
    0x0F, 0x31, 0x48, (byte) 0xC1, (byte) 0xE2, 0x20, 0x48, 0x09, (byte) 0xD0, (byte) 0xC3
  };

  private Native() {}

  private static MethodHandle handle(
      String name, MemoryLayout result, MemoryLayout[] parameters, Linker.Option... options) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, parameters),
        options);
  }

  private static MemoryLayout[] parameters(MemoryLayout... parameters) {
    return parameters;
  }

  /** A descriptor of a new file in memory, empty and open to seals; negative when refused. */
  static int newMemoryFile(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          handle("memfd_create", JAVA_INT, parameters(ADDRESS, JAVA_INT))
              .invokeExact(arena.allocateFrom(name), MFD_CLOEXEC | MFD_ALLOW_SEALING);
    } catch (Throwable e) {
      throw new LinkageError("memfd_create", e);
    }
  }

  /** Forbids for ever, to everybody, to write to the file, to resize it, and to lift that. */
  static boolean seal(int descriptor) {
    MethodHandle fcntl =
        handle(
            "fcntl",
            JAVA_INT,
            parameters(JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    try {
      return (int) fcntl.invokeExact(descriptor, F_ADD_SEALS, EVERY_SEAL) == 0;
    } catch (Throwable e) {
      throw new LinkageError("fcntl", e);
    }
  }

  static void close(int descriptor) {
    try {
      int ignored = (int) handle("close", JAVA_INT, parameters(JAVA_INT)).invokeExact(descriptor);
    } catch (Throwable e) {
      throw new LinkageError("close", e);
    }
  }

  /** What reads the processor's time stamp counter, as a function without parameters. */
  static MethodHandle counterReader() {
    long length = READ_COUNTER.length;
    try {
      MemorySegment code =
          (MemorySegment)
              handle(
                      "mmap",
                      ADDRESS,
                      parameters(ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG))
                  .invokeExact(
                      MemorySegment.NULL,
                      length,
                      PROT_READ | PROT_WRITE,
                      MAP_PRIVATE_ANONYMOUS,
                      -1,
                      0L);
      MemorySegment.copy(
          READ_COUNTER, 0, code.reinterpret(length), ValueLayout.JAVA_BYTE, 0, (int) length);
      int refused =
          (int)
              handle("mprotect", JAVA_INT, parameters(ADDRESS, JAVA_LONG, JAVA_INT))
                  .invokeExact(code, length, PROT_READ | PROT_EXEC);
      if (refused != 0) {
        throw new IllegalStateException("This host lets no process make code.");
      }
      return LINKER.downcallHandle(code, FunctionDescriptor.of(JAVA_LONG));
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("mmap", e);
    }
  }
}
