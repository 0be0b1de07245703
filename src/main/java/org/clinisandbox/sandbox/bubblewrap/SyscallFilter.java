package org.clinisandbox.sandbox.bubblewrap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.clinisandbox.registry.Protocol;

/**
 * The system calls that a model may make, as a classic BPF program for Linux' seccomp. Everything
 * that the committed list does not name gets an error.
 *
 * <p>An instruction is a code, two jump distances and a constant, 8 bytes; the program reads a
 * {@code struct seccomp_data}: number, architecture, address, six arguments (linux/seccomp.h).
 */
final class SyscallFilter {
  private static final String LIST = "system-calls-x86_64.txt";

  private static final int LOAD_WORD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_GREATER_OR_EQUAL = 0x35;
  private static final int JUMP_IF_ANY_BIT = 0x45;
  private static final int AND = 0x54;
  private static final int RETURN = 0x06;

  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int FIRST_ARGUMENT = 16;
  private static final int SECOND_ARGUMENT = 24;

  private static final int X86_64 = 0xC000003E;
  private static final int X32 = 0x40000000;

  private static final int ALLOW = 0x7FFF0000;
  private static final int KILL_PROCESS = 0x80000000;
  private static final int NOT_PERMITTED = 0x00050001;

  /** What a C library takes for an old kernel, and then does without. */
  private static final int NOT_THERE = 0x00050026;

  private static final int CLONE3 = 435;

  /** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
  private static final int NEW_NAMESPACES = 0x7E020080;

  /** TIOCSTI types into a terminal, TIOCLINUX pastes into it. */
  private static final int[] TERMINAL_INPUT = {0x5412, 0x541C};

  private static final int ITSELF = 0;
  private static final int READ_PERSONALITY = 0xFFFFFFFF;
  private static final int UNIX = 1;
  private static final int INTERNET = 2;
  private static final int INTERNET_6 = 10;
  private static final int STREAM = 1;

  /** Without SOCK_CLOEXEC and SOCK_NONBLOCK. */
  private static final int SOCKET_TYPE = 0xF;

  private final ByteBuffer program = ByteBuffer.allocate(4096 * 8).order(ByteOrder.LITTLE_ENDIAN);

  private SyscallFilter() {}

  /** The program for a model of this protocol: those that serve HTTP have TCP sockets. */
  static byte[] of(Protocol protocol) {
    SyscallFilter filter = new SyscallFilter();
    filter.write(protocol != Protocol.JSON_LINES);
    byte[] bytes = new byte[filter.program.position()];
    filter.program.get(0, bytes);
    return bytes;
  }

  /** Every allowed call by its number; a * after the name where its arguments matter. */
  static Map<Integer, String> list() {
    Map<Integer, String> calls = new TreeMap<>();
    try (InputStream list = SyscallFilter.class.getResourceAsStream(LIST)) {
      if (list == null) {
        throw new IllegalStateException("The list of system calls is not in this jar.");
      }
      new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" ", 2))
          .forEach(call -> calls.put(Integer.valueOf(call[0]), call[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return calls;
  }

  private void write(boolean sockets) {
    add(LOAD_WORD, 0, 0, ARCHITECTURE);
    add(JUMP_IF_EQUAL, 1, 0, X86_64);
    add(RETURN, 0, 0, KILL_PROCESS);
    add(LOAD_WORD, 0, 0, NUMBER);
    add(JUMP_IF_GREATER_OR_EQUAL, 0, 1, X32);
    add(RETURN, 0, 0, KILL_PROCESS);
    list().forEach((number, name) -> allow(number, name, sockets));
    add(JUMP_IF_EQUAL, 0, 1, CLONE3);
    add(RETURN, 0, 0, NOT_THERE);
    add(RETURN, 0, 0, NOT_PERMITTED);
  }

  /** Everything between the number's jump and its end returns, so its length is the distance. */
  private void allow(int number, String name, boolean sockets) {
    int jump = program.position();
    add(JUMP_IF_EQUAL, 0, 0, number);
    switch (name) {
      case "clone*" -> {
        add(LOAD_WORD, 0, 0, FIRST_ARGUMENT);
        add(JUMP_IF_ANY_BIT, 1, 0, NEW_NAMESPACES);
        add(RETURN, 0, 0, ALLOW);
      }
      case "ioctl*" -> {
        add(LOAD_WORD, 0, 0, SECOND_ARGUMENT);
        add(JUMP_IF_EQUAL, 2, 0, TERMINAL_INPUT[0]);
        add(JUMP_IF_EQUAL, 1, 0, TERMINAL_INPUT[1]);
        add(RETURN, 0, 0, ALLOW);
      }
      case "prlimit64*" -> onlyFirst(ITSELF);
      case "personality*" -> onlyFirst(READ_PERSONALITY);
      case "socketpair*" -> onlyFirst(UNIX);
      case "socket*" -> {
        if (sockets) {
          add(LOAD_WORD, 0, 0, FIRST_ARGUMENT);
          add(JUMP_IF_EQUAL, 1, 0, INTERNET);
          add(JUMP_IF_EQUAL, 0, 4, INTERNET_6);
          add(LOAD_WORD, 0, 0, SECOND_ARGUMENT);
          add(AND, 0, 0, SOCKET_TYPE);
          add(JUMP_IF_EQUAL, 0, 1, STREAM);
          add(RETURN, 0, 0, ALLOW);
        }
      }
      default -> {
        add(RETURN, 0, 0, ALLOW);
        land(jump);
        return;
      }
    }
    add(RETURN, 0, 0, NOT_PERMITTED);
    land(jump);
  }

  private void onlyFirst(int argument) {
    add(LOAD_WORD, 0, 0, FIRST_ARGUMENT);
    add(JUMP_IF_EQUAL, 0, 1, argument);
    add(RETURN, 0, 0, ALLOW);
  }

  private void add(int code, int ifTrue, int ifFalse, int constant) {
    program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(constant);
  }

  /** Lets this jump go, when its number is another, to what comes next. */
  private void land(int jump) {
    int distance = (program.position() - jump) / 8 - 1;
    program.put(jump + 3, (byte) distance);
  }
}
