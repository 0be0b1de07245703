package org.clinisandbox.sandbox.bubblewrap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.clinisandbox.registry.Protocol;
import tools.jackson.databind.JsonNode;

/** The system-call filter, run as the kernel runs it, by the manual of classic BPF. */
public final class FilterDump {
  static final int ALLOW = 0x7FFF0000;
  static final int X86_64 = 0xC000003E;

  private static final int BEYOND_ALL_CALLS = 1024;

  /** Linux lets uretprobe and uprobe past every filter, and ends who calls them unasked. */
  private static final Set<Integer> PAST_EVERY_FILTER = Set.of(335, 336);

  private FilterDump() {}

  /** What the filter of a model without sockets lets through when all arguments are 0. */
  public static Set<Integer> allowed() {
    byte[] filter = SyscallFilter.of(Protocol.JSON_LINES);
    Set<Integer> allowed = new TreeSet<>();
    for (int number = 0; number < BEYOND_ALL_CALLS; number++) {
      if (run(filter, X86_64, number, 0, 0) == ALLOW) {
        allowed.add(number);
      }
    }
    return allowed;
  }

  /** What the committed list says of the same. */
  public static Set<Integer> listed() {
    return SyscallFilter.list().entrySet().stream()
        .filter(call -> !call.getValue().startsWith("so") || !call.getValue().endsWith("*"))
        .filter(call -> !call.getValue().equals("personality*"))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The calls that the kernel answered though the committed list names them in no form.
   *
   * @param details of what the program {@code syscalls all} says
   */
  public static Set<Integer> beyondTheList(JsonNode details) {
    String answered = details.path("answered").asString() + " " + details.path("hung").asString();
    return Pattern.compile("\\d+")
        .matcher(answered)
        .results()
        .map(MatchResult::group)
        .map(Integer::valueOf)
        .filter(number -> !PAST_EVERY_FILTER.contains(number))
        .filter(number -> !SyscallFilter.list().containsKey(number))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static int run(byte[] filter, int architecture, int number, int first, int second) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0, number).putInt(4, architecture).putInt(16, first).putInt(24, second);
    ByteBuffer program = ByteBuffer.wrap(filter).order(ByteOrder.LITTLE_ENDIAN);
    int accumulator = 0;
    for (int at = 0; ; at++) {
      int code = program.getShort(at * 8);
      int ifTrue = Byte.toUnsignedInt(program.get(at * 8 + 2));
      int ifFalse = Byte.toUnsignedInt(program.get(at * 8 + 3));
      int constant = program.getInt(at * 8 + 4);
      switch (code) {
        case 0x20 -> accumulator = data.getInt(constant);
        case 0x54 -> accumulator &= constant;
        case 0x15 -> at += accumulator == constant ? ifTrue : ifFalse;
        case 0x35 -> at += Integer.compareUnsigned(accumulator, constant) >= 0 ? ifTrue : ifFalse;
        case 0x45 -> at += (accumulator & constant) != 0 ? ifTrue : ifFalse;
        case 0x06 -> {
          return constant;
        }
        default -> throw new AssertionError("no such instruction: " + code);
      }
    }
  }
}
